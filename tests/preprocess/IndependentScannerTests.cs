using System.Text;
using System.Text.Json;
using Assay.Tests.Embedded;
using Shouldly;
using Xunit;

namespace Assay.Tests.Preprocess;

/// <summary>
/// No metadata in silver and gold, as ExifTool sees it: it reads more kinds than the library that wrote the files knows of, and what follows the image as well.
/// </summary>
public sealed class IndependentScannerTests(SharedSilver silver)
{
    // All that ExifTool may say of a bare JPEG: what the file system and the coding tell. A comment would be File:Comment.
    private static readonly HashSet<string> Bare =
    [
        "SourceFile", "ExifTool:ExifToolVersion", "System:FileName", "System:Directory", "System:FileSize", "System:FileModifyDate", "System:FileAccessDate",
        "System:FileInodeChangeDate", "System:FilePermissions", "File:FileType", "File:FileTypeExtension", "File:MIMEType", "File:ImageWidth", "File:ImageHeight",
        "File:EncodingProcess", "File:BitsPerSample", "File:ColorComponents", "File:YCbCrSubSampling", "Composite:ImageSize", "Composite:Megapixels",
    ];

    // What is about a camera, a person, a place or a program; such short words as happen by chance are left out.
    private static readonly string[] Telling =
    [
        "Make", "Model", "LensModel", "LensInfo", "SerialNumber", "InternalSerialNumber", "LensSerialNumber", "OwnerName", "Artist", "By-line", "Creator", "Copyright",
        "Software", "Comment", "UserComment", "ImageDescription", "Headline", "Caption-Abstract", "DateTimeOriginal", "CreateDate", "GPSDateStamp", "GPSMapDatum",
        "ProfileDescription", "ImageUniqueID",
    ];

    private const int ShortestWord = 6;

    [Fact]
    public async Task Silver_of_every_accepted_image_is_bare()
    {
        await RequireScannerAsync();
        var files = await ScanAsync(silver.Folder);
        files.Count.ShouldBeGreaterThan(1600);
        RequireBare(files);
        await RequireNoWordOfAsync(SharedFolder.Require("images", "cameras"), silver.Folder);
    }

    [Fact]
    public async Task Gold_and_silver_of_a_run_over_camera_files_are_bare()
    {
        await RequireScannerAsync();
        var cameras = SharedFolder.Require("images", "cameras");
        using var place = new Workplace();
        foreach (var photo in Directory.EnumerateFiles(cameras))
            place.Put(Path.GetFileName(photo), await File.ReadAllBytesAsync(photo, TestContext.Current.CancellationToken));
        (await place.RunAsync("run", place.Pictures)).ExitCode.ShouldBe(0);
        foreach (var layer in new[] { "silver", "gold" })
        {
            var folder = Path.Combine(place.Data, layer);
            var images = await ScanAsync("-ext", "jpg", folder);
            images.Count.ShouldBeGreaterThan(80, layer);
            RequireBare(images);
            await RequireNoWordOfAsync(cameras, folder);
        }
    }

    [Fact]
    public async Task The_scanner_sees_what_the_originals_carry()
    {
        await RequireScannerAsync();
        var files = await ScanAsync(SharedFolder.Require("images", "cameras"));
        var groups = files.SelectMany(file => file.EnumerateObject()).Select(tag => tag.Name.Split(':')[0]).ToHashSet();
        foreach (var group in new[] { "IFD0", "ExifIFD", "GPS", "IFD1", "IPTC", "ICC_Profile", "XMP-dc" })
            groups.ShouldContain(group);
        Should.Throw<ShouldAssertException>(() => RequireBare(files));
    }

    private static Task RequireScannerAsync() => Tools.RequireAsync("exiftool", "-ver");

    private static void RequireBare(List<JsonElement> files) =>
        files.SelectMany(file => file.EnumerateObject().Where(tag => !Bare.Contains(tag.Name)).Select(tag => $"{file.GetProperty("SourceFile")}: {tag.Name} = {tag.Value}"))
            .ShouldBeEmpty();

    // The words as bytes anywhere in the file: in no place that a scanner knows, either.
    private static async Task RequireNoWordOfAsync(string originals, string copies)
    {
        var words = (await ScanAsync([.. Telling.Select(tag => "-" + tag), originals]))
            .SelectMany(file => file.EnumerateObject().Where(tag => tag.Name != "SourceFile").Select(tag => tag.Value.ToString().Trim()))
            .Where(word => word.Length >= ShortestWord).Select(word => Encoding.UTF8.GetBytes(word[..Math.Min(word.Length, 24)])).DistinctBy(Convert.ToHexString).ToList();
        words.Count.ShouldBeGreaterThan(100);
        var found = new List<string>();
        foreach (var copy in Directory.EnumerateFiles(copies, "*.jpg", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken);
            found.AddRange(words.Where(word => bytes.AsSpan().IndexOf(word) >= 0).Select(word => $"{copy}: {Encoding.UTF8.GetString(word)}"));
        }
        found.ShouldBeEmpty();
    }

    // -U: tags that it cannot name, too.
    private static async Task<List<JsonElement>> ScanAsync(params string[] what)
    {
        using var found = JsonDocument.Parse(await Tools.RunAsync("exiftool", ["-a", "-U", "-G1", "-json", "-q", "-m", "-r", .. what]));
        return [.. found.RootElement.EnumerateArray().Select(file => file.Clone())];
    }
}
