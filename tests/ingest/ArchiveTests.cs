using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Assay.Ingest;
using Assay.Ingest.Local;
using Shouldly;
using Xunit;

namespace Assay.Tests.Ingest;

public sealed class ArchiveTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2024, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string root = Directory.CreateTempSubdirectory("assay-archive-").FullName;

    /// <summary>The kinds of archives.</summary>
    public static TheoryData<string> Kinds => new("zip", "tar", "tar.gz", "tgz");

    [Theory, MemberData(nameof(Kinds))]
    public async Task Each_entry_is_an_occurrence_of_its_own(string kind)
    {
        var archive = Write(kind, ("users/anna/one.jpg", Random(300_000)), ("users/bob/ü 2.jpg", [2]), ("empty.jpg", []));
        var files = await ReadAsync(archive, "users/{userId}/");

        files.Select(file => file.Path).ShouldBe([$"{archive}!users/anna/one.jpg", $"{archive}!users/bob/ü 2.jpg", $"{archive}!empty.jpg"]);
        files.Select(file => file.Name).ShouldBe(["one.jpg", "ü 2.jpg", "empty.jpg"]);
        files.Select(file => file.UserId).ShouldBe(["anna", "bob", null]);
        files.Select(file => file.Bytes).ShouldBe([300_000, 1, 0]);
        files.ShouldAllBe(file => file.Batch == Path.GetFileName(archive) && file.Source == "local");
        files[0].Version.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Random(300_000))));
        // A zip's times have no zone; whoever reads it takes its own.
        if (kind != "zip")
            files[0].LastModified.ShouldBe(Time.UtcDateTime);
        (await ReadAsync(archive, "users/{userId}/")).ShouldBe(files);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Names_that_lead_out_of_the_archive_are_only_names(string kind)
    {
        var absolute = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.jpg");
        string[] names = ["../../../escaped.jpg", absolute, "..\\..\\escaped.jpg", "C:\\escaped.jpg", "a/../../escaped.jpg"];
        var archive = Write(kind, [.. names.Select(name => (name, "x"u8.ToArray()))]);
        var before = Everything();
        var files = await ReadAsync(archive);

        files.Select(file => file.Path).ShouldBe(names.Select(name => $"{archive}!{name}"));
        Everything().ShouldBe(before);
        File.Exists(absolute).ShouldBeFalse();
    }

    [Fact]
    public async Task Links_and_folders_in_an_archive_are_passed_over()
    {
        var path = Path.Combine(root, "links.tar");
        using (var tar = new TarWriter(File.Create(path)))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "folder/"));
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "link.jpg") { LinkName = "/etc/passwd" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "hard.jpg") { LinkName = "../outside.jpg" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "folder/file.jpg") { DataStream = new MemoryStream([1]) });
        }
        (await ReadAsync(path)).ShouldHaveSingleItem().Name.ShouldBe("file.jpg");
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_is_hidden_in_an_archive_is_passed_over(string kind)
    {
        var archive = Write(kind, ("./one.jpg", [1]), ("._one.jpg", [2]), (".DS_Store", [3]), ("a/.cache/two.jpg", [4]), ("__MACOSX/a/._two.jpg", [5]), ("a/..two.jpg", [6]), ("a/two.jpg", [7]));
        (await ReadAsync(archive)).Select(file => file.Path).ShouldBe([$"{archive}!./one.jpg", $"{archive}!a/two.jpg"]);
    }

    [Fact]
    public async Task An_archive_in_an_archive_is_an_entry_like_any_other()
    {
        var inner = File.ReadAllBytes(Write("zip", ("picture.jpg", [1])));
        var archive = Write("tar", ("inner.zip", inner));
        (await ReadAsync(archive)).ShouldHaveSingleItem().Path.ShouldBe($"{archive}!inner.zip");
    }

    [Fact]
    public async Task What_is_wrong_with_an_archive_is_said_with_the_entry()
    {
        var archive = Write("tar", ("one.jpg", Random(20_000)), ("two.jpg", Random(20_000)));
        var bytes = File.ReadAllBytes(archive);
        (await DamageAsync(archive)).ShouldBeNull();
        File.WriteAllBytes(archive, bytes[..40_000]);
        (await DamageAsync(archive)).ShouldBe("its entry 'two.jpg' is not what was packed");
        File.WriteAllText(archive, "This is no archive.");
        (await DamageAsync(archive)).ShouldBe("it cannot be read at all");
    }

    [Theory]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    public async Task An_archive_that_was_cut_gives_its_whole_entries_and_then_itself(string kind)
    {
        var archive = Write(kind, ("one.jpg", Random(200_000)), ("two.jpg", Random(200_000)), ("three.jpg", Random(200_000)));
        var bytes = File.ReadAllBytes(archive);
        File.WriteAllBytes(archive, bytes[..(bytes.Length * 5 / 6)]);
        var files = await ReadAsync(archive);

        files.Select(file => file.Name).ShouldBe(["one.jpg", "two.jpg", Path.GetFileName(archive)]);
        files[^1].Path.ShouldBe(archive);
    }

    [Fact]
    public async Task A_zip_with_a_damaged_entry_gives_all_the_others_and_then_itself()
    {
        var archive = Write("zip", ("one.jpg", Text(20_000)), ("two.jpg", Text(20_000)), ("three.jpg", Text(20_000)));
        var bytes = File.ReadAllBytes(archive);
        // Behind the second entry's header, which ends with its name.
        var second = bytes.AsSpan().IndexOf("two.jpg"u8) + 7;
        bytes.AsSpan(second, 40).Fill(0xFF);
        File.WriteAllBytes(archive, bytes);

        (await ReadAsync(archive)).Select(file => file.Name).ShouldBe(["one.jpg", "three.jpg", "archive.zip"]);
    }

    [Fact]
    public async Task A_zip_whose_bytes_do_not_have_their_checksum_is_damaged()
    {
        var archive = Write("zip", ("one.jpg", Random(20_000)), ("two.jpg", Random(30_000)));
        var bytes = File.ReadAllBytes(archive);
        // What does not compress is stored as it is: any byte may change and the entry can still be read.
        var inside = bytes.AsSpan().IndexOf(Random(30_000).AsSpan(1000, 16));
        inside.ShouldBePositive();
        bytes[inside] ^= 1;
        File.WriteAllBytes(archive, bytes);
        (await ReadAsync(archive)).Select(file => file.Name).ShouldBe(["one.jpg", "archive.zip"]);
    }

    [Theory]
    [InlineData("zip", "This is no archive.")]
    [InlineData("zip", "")]
    [InlineData("tar.gz", "This is no archive.")]
    [InlineData("tar", "This is no archive, and long enough to be taken for one if one does not look. ")]
    public async Task What_is_no_archive_at_all_is_only_itself(string kind, string content)
    {
        var archive = Path.Combine(root, "archive." + kind);
        File.WriteAllText(archive, string.Concat(Enumerable.Repeat(content, 20)));
        (await ReadAsync(archive)).ShouldHaveSingleItem().Path.ShouldBe(archive);
    }

    [Fact]
    public async Task An_empty_archive_is_nothing() => (await ReadAsync(Write("zip"))).ShouldBeEmpty();

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(root, recursive: true);

    private static byte[] Random(int size)
    {
        var bytes = new byte[size];
#pragma warning disable CA5394 // The same bytes each time, which do not compress.
        new Random(size).NextBytes(bytes);
#pragma warning restore CA5394
        return bytes;
    }

    private static byte[] Text(int lines) => Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, lines)));

    private string[] Everything() => [.. Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private string Write(string kind, params (string Name, byte[] Bytes)[] entries)
    {
        var path = Path.Combine(root, "archive." + kind);
        using var file = File.Create(path);
        if (kind == "zip")
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Create);
            foreach (var (name, bytes) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
            return path;
        }
        using var plain = kind == "tar" ? (Stream)file : new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(plain);
        foreach (var (name, bytes) in entries)
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes), ModificationTime = Time });
        return path;
    }

    // Each file is disposed of before the next is asked for, as the run does it; what remains is what it was.
    private async Task<List<Occurrence>> ReadAsync(string path, string? pattern = null)
    {
        var landing = new LandingZone(new IngestOptions { Sources = [new LandingSource { Name = "local", KeyPattern = pattern }] });
        var occurrences = new List<Occurrence>();
        await foreach (var file in new LocalFiles(landing).ReadAsync(new FileInfo(path), root, CancellationToken.None))
        {
            using (file)
                occurrences.Add(file.Occurrence);
        }
        return occurrences;
    }

    private async Task<string?> DamageAsync(string path)
    {
        string? damage = null;
        await foreach (var file in new LocalFiles(new LandingZone(new IngestOptions())).ReadAsync(new FileInfo(path), root, CancellationToken.None))
        {
            using (file)
                damage = file.Damage;
        }
        return damage;
    }
}
