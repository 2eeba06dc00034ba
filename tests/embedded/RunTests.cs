using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Assay.Tests.Classify;
using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Embedded;

public sealed class RunTests : IDisposable
{
    private static readonly string[] Fields =
    [
        "id", "name", "path", "sha256", "run", "status", "label", "confidence", "accepted", "model", "stage", "reason", "detail",
        "width", "height", "silverWidth", "silverHeight", "bronze", "silver", "gold",
    ];

    private readonly Workplace work = new();

    [Fact]
    public async Task Each_picture_is_one_json_object_with_all_fields_and_the_files_it_names()
    {
        var wide = work.Put("wide.jpg", Picture.Plain(1000, 400, Picture.Red).Jpeg());
        work.Put("sub/folder/small one.png", Picture.Plain(30, 60, Picture.Blue).PngsaveBuffer());
        var (result, images) = await work.RunJsonAsync();

        result.ExitCode.ShouldBe(0, result.Error);
        images.Length.ShouldBe(2);
        images.ShouldAllBe(image => image.EnumerateObject().Select(property => property.Name).SequenceEqual(Fields));
        var first = images.Single(image => image.GetProperty("name").GetString() == "wide.jpg");
        first.GetProperty("status").GetString().ShouldBe("classified");
        first.GetProperty("label").GetString().ShouldBe("first");
        first.GetProperty("confidence").GetDouble().ShouldBe(Math.E / (Math.E + 2), 0.01);
        first.GetProperty("model").GetString().ShouldBe("tiny 1.0.0");
        first.GetProperty("stage").GetString().ShouldBe("classify");
        first.GetProperty("reason").ValueKind.ShouldBe(JsonValueKind.Null);
        first.GetProperty("detail").ValueKind.ShouldBe(JsonValueKind.Null);
        first.GetProperty("path").GetString().ShouldBe(wide);
        first.GetProperty("run").GetString().ShouldBe("new");
        first.GetProperty("accepted").GetBoolean().ShouldBeTrue();
        (first.GetProperty("width").GetInt32(), first.GetProperty("height").GetInt32()).ShouldBe((1000, 400));
        (first.GetProperty("silverWidth").GetInt32(), first.GetProperty("silverHeight").GetInt32()).ShouldBe((512, 205));
        File.ReadAllBytes(first.GetProperty("bronze").GetString()!).ShouldBe(File.ReadAllBytes(wide));
        first.GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(wide))));
        var second = images.Single(image => image.GetProperty("name").GetString() == "small one.png");
        second.GetProperty("label").GetString().ShouldBe("third");
        (second.GetProperty("silverWidth").GetInt32(), second.GetProperty("silverHeight").GetInt32()).ShouldBe((30, 60));
        ShouldHaveFiles(images);
    }

    [Fact]
    public async Task What_is_no_picture_is_rejected_with_its_reason_and_the_run_has_done_its_work()
    {
        var picture = Picture.Detailed(400, 300).Jpeg();
        work.Put("good.jpg", picture);
        work.Put("cut.jpg", picture[..(picture.Length / 2)]);
        work.Put("text.jpg", "Just a text."u8.ToArray());
        work.Put("nothing.png", []);
        var (result, images) = await work.RunJsonAsync();

        result.ExitCode.ShouldBe(0, result.Error);
        var reasons = images.ToDictionary(image => image.GetProperty("name").GetString()!, image => image.GetProperty("reason").GetString());
        reasons.ShouldBe(new Dictionary<string, string?>
        {
            ["good.jpg"] = null,
            ["cut.jpg"] = "truncated",
            ["text.jpg"] = "not-an-image",
            ["nothing.png"] = "empty",
        }, ignoreOrder: true);
        images.Count(image => image.GetProperty("status").GetString() == "rejected").ShouldBe(3);
        images.Single(image => image.GetProperty("name").GetString() == "nothing.png").GetProperty("detail").GetString().ShouldBe("The file has no bytes.");
        work.Count("COUNT(*) FROM rejections").ShouldBe(3);
    }

    [Fact]
    public async Task The_samples_of_the_repository_end_as_their_names_say()
    {
        var samples = Path.Combine(Repository.Root, "samples");
        // Without a setting: with the model that comes with Assay, as a newcomer has it.
        var settings = new Dictionary<string, string>();
        await using var program = AssayProcess.Start("assay", settings, "run", samples, "--json", "--data", work.Data);
        var result = await program.ExitAsync(Workplace.Patience);

        result.ExitCode.ShouldBe(0, result.Error);
        var images = Workplace.Parse(result.OutputLines);
        images.Length.ShouldBeGreaterThan(10);
        images.Length.ShouldBe(Directory.EnumerateFiles(samples).Count(file => !Path.GetFileName(file).StartsWith('.')));
        foreach (var image in images)
        {
            var name = image.GetProperty("name").GetString()!;
            image.GetProperty("reason").GetString().ShouldBe(Path.GetFileNameWithoutExtension(name) switch
            {
                "truncated" => "truncated",
                "notes" => "not-an-image",
                "empty" => "empty",
                _ => null,
            }, name);
        }
        ShouldHaveFiles(images);
    }

    [Fact]
    public async Task A_second_run_takes_nothing_in_twice_and_says_so()
    {
        work.Draw(5);
        var (first, _) = await work.RunJsonAsync();
        first.Error.ShouldContain("5 images: 5 taken in, 0 known already.");
        var (second, images) = await work.RunJsonAsync();

        second.ExitCode.ShouldBe(0, second.Error);
        second.Error.ShouldContain("5 images: 0 taken in, 5 known already.");
        images.Length.ShouldBe(5);
        images.ShouldAllBe(image => image.GetProperty("run").GetString() == "known");
        work.Count("COUNT(*) FROM images").ShouldBe(5);
        work.Count("COUNT(*) FROM predictions").ShouldBe(5);
    }

    [Fact]
    public async Task A_changed_file_is_a_new_image()
    {
        work.Put("same-name.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        await work.RunJsonAsync();
        work.Put("same-name.jpg", Picture.Plain(50, 50, Picture.Green).Jpeg());
        var (result, images) = await work.RunJsonAsync();

        result.Error.ShouldContain("1 taken in, 0 known already.");
        images.ShouldHaveSingleItem().GetProperty("label").GetString().ShouldBe("second");
        work.Count("COUNT(*) FROM images").ShouldBe(2);
    }

    [Fact]
    public async Task The_data_folder_among_the_pictures_is_not_taken_for_pictures()
    {
        work.Draw(3);
        string[] command = ["run", work.Pictures, "--data", Path.Combine(work.Pictures, "assay-data"), "--json"];
        for (var run = 0; run < 2; run++)
        {
            await using var program = AssayProcess.Start("assay", work.Settings, command);
            var result = await program.ExitAsync(Workplace.Patience);
            result.ExitCode.ShouldBe(0, result.Error);
            result.OutputLines.Length.ShouldBe(3, result.Output);
        }
    }

    [Fact]
    public async Task A_table_for_people_names_every_picture_and_its_kind()
    {
        work.Put("red [1].jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        work.Put("empty.jpg", []);
        var result = await work.RunAsync("run", work.Pictures);

        result.ExitCode.ShouldBe(0, result.Error);
        result.OutputLines.ShouldContain(line => line.Contains("red [1].jpg") && line.Contains("first") && line.Contains("58") && line.Contains("classified"));
        result.OutputLines.ShouldContain(line => line.Contains("empty.jpg") && line.Contains("rejected") && line.Contains("empty: "));
        result.Output.ShouldContain("2 images: 2 taken in");
        result.Output.ShouldStartWith("╭", customMessage: "in a file there is no progress");
    }

    [Fact]
    public async Task In_a_narrow_terminal_each_picture_is_one_line_with_both_ends_of_its_name()
    {
        var name = string.Concat(Enumerable.Repeat("a very long name ", 8)) + "0815.jpg";
        work.Put(name, Picture.Plain(50, 50, Picture.Red).Jpeg());
        work.Put("text.jpg", "Just a text."u8.ToArray());
        work.Put("right\u202Eto left.jpg", Picture.Plain(50, 50, Picture.Blue).Jpeg());
        await using var program = AssayProcess.StartInTerminal(80, "assay", work.Settings, "run", work.Pictures, "--data", work.Data);
        var result = await program.ExitAsync(Workplace.Patience);

        result.ExitCode.ShouldBe(0, program.ToString());
        var table = Visible(result.Output).SkipWhile(line => !line.StartsWith('╭')).TakeWhile(line => line.Length > 0 && "╭│├╰".Contains(line[0])).ToList();
        table.Count.ShouldBe(4 + 3, result.Output);
        table.ShouldAllBe(line => line.Length <= 80);
        table.ShouldContain(line => line.Contains("│ a very") && line.Contains('…') && line.Contains("0815.jpg") && line.Contains("classified"));
        table.ShouldContain(line => line.Contains("text.jpg") && line.Contains("rejected") && line.Contains(" not-an-image "));
        result.Output.ShouldNotContain("\u202E");
    }

    [Fact]
    public async Task An_archive_goes_in_whole_and_a_user_pattern_finds_its_users()
    {
        work.Draw(2);
        var archive = Path.Combine(Path.GetDirectoryName(work.Pictures)!, "holiday.zip");
        System.IO.Compression.ZipFile.CreateFromDirectory(work.Pictures, archive, System.IO.Compression.CompressionLevel.Fastest, includeBaseDirectory: true);
        await using var program = AssayProcess.Start(
            "assay",
            new Dictionary<string, string>(work.Settings) { ["ASSAY_INGEST__SOURCES__0__KEYPATTERN"] = "{userId}/" },
            "run", archive, "--json", "--data", work.Data);
        var result = await program.ExitAsync(Workplace.Patience);

        result.ExitCode.ShouldBe(0, result.Error);
        Workplace.Parse(result.OutputLines).Length.ShouldBe(2);
        work.Count("COUNT(*) FROM images WHERE user_id = 'pictures' AND batch = 'holiday.zip'").ShouldBe(2);
    }

    [Fact]
    public async Task A_damaged_archive_gives_its_whole_pictures_and_is_itself_rejected()
    {
        work.Draw(3);
        var archive = Path.Combine(Path.GetDirectoryName(work.Pictures)!, "cut.tar.gz");
        await using (var file = File.Create(archive))
        await using (var zipped = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest))
            await System.Formats.Tar.TarFile.CreateFromDirectoryAsync(work.Pictures, zipped, includeBaseDirectory: false, TestContext.Current.CancellationToken);
        await using (var file = File.OpenWrite(archive))
            file.SetLength(file.Length - 2000);
        var temporary = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(archive)!, "temporary"));
        await using var program = AssayProcess.Start(
            "assay", new Dictionary<string, string>(work.Settings) { ["TMPDIR"] = temporary.FullName }, "run", archive, "--json", "--data", work.Data);
        var result = await program.ExitAsync(Workplace.Patience);

        result.ExitCode.ShouldBe(0, result.Error);
        temporary.GetFiles("assay-*").ShouldBeEmpty("what was unpacked is left behind");
        result.ErrorLines.ShouldContain(line => line.StartsWith($"{archive} is a damaged archive: its entry 'drawn-") && line.EndsWith(".jpg' is not what was packed. What could be unpacked is taken in; the archive itself is rejected."));
        Workplace.Parse(result.OutputLines).Select(image => $"{image.GetProperty("status")} {image.GetProperty("reason")}").Order()
            .ShouldBe(["classified ", "classified ", "rejected not-an-image"]);
        var passport = await work.RunAsync("show", "cut.tar.gz");
        passport.OutputLines.ShouldContain(line => line.Contains(" ingest ") && line.Contains("rejected: not-an-image"), passport.Output);
        passport.Output.ShouldContain("The file is a damaged archive: its entry 'drawn-");
        Directory.GetFiles(Path.Combine(work.Data, "quarantine", "ingest", "not-an-image")).Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_damaged_archive_is_the_same_rejection_in_every_run()
    {
        work.Put("archive.zip", "This is no archive."u8.ToArray());
        foreach (var run in new[] { "new", "known" })
        {
            var (result, images) = await work.RunJsonAsync();
            result.ExitCode.ShouldBe(0, result.Error);
            images.ShouldHaveSingleItem().GetProperty("detail").GetString().ShouldBe(
                "The file is a damaged archive: it cannot be read at all. What could be unpacked is taken in.");
            images[0].GetProperty("run").GetString().ShouldBe(run);
            images[0].GetProperty("stage").GetString().ShouldBe("ingest");
        }
        work.Count("COUNT(*) FROM rejections").ShouldBe(1);
    }

    /// <inheritdoc/>
    public void Dispose() => work.Dispose();

    // The lines without what moves the cursor and sets colours.
    private static IEnumerable<string> Visible(string output) =>
        Regex.Replace(output, @"\x1B\[[0-9;?]*[A-Za-z]", "").Split('\n').Select(line => line.TrimEnd('\r')[(line.TrimEnd('\r').LastIndexOf('\r') + 1)..]);

    private static void ShouldHaveFiles(JsonElement[] images)
    {
        foreach (var image in images.Where(image => image.GetProperty("status").GetString() == "classified"))
        {
            File.Exists(image.GetProperty("bronze").GetString()).ShouldBeTrue();
            File.Exists(image.GetProperty("gold").GetString()).ShouldBeTrue();
            File.Exists(Path.ChangeExtension(image.GetProperty("gold").GetString()!, ".json")).ShouldBeTrue();
            using var silver = NetVips.Image.NewFromFile(image.GetProperty("silver").GetString()!);
            (silver.Width, silver.Height).ShouldBe((image.GetProperty("silverWidth").GetInt32(), image.GetProperty("silverHeight").GetInt32()));
            Math.Max(silver.Width, silver.Height).ShouldBeLessThanOrEqualTo(512);
        }
    }
}
