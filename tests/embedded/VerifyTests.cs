using System.Text.Json;
using Assay.Platform.Objects;
using Assay.Tests.Classify;
using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Embedded;

public sealed class VerifyTests : IDisposable
{
    private readonly Workplace work = new();

    [Fact]
    public async Task After_a_run_layers_and_catalog_agree()
    {
        work.Draw(3);
        work.Put("empty.png", []);
        await work.RunJsonAsync();
        var result = await work.RunAsync("verify", "--all", "--grace", "0");
        result.ExitCode.ShouldBe(0, result.Error);
        // Three of four layers and a sidecar each, and the empty one's original and its copy in quarantine.
        result.Output.ShouldBe("4 images with 14 objects, of which 14 were read: layers and catalog agree.\n");
    }

    [Fact]
    public async Task Every_kind_of_damage_is_found_by_name_and_repair_makes_every_object_what_it_was()
    {
        work.Draw(6);
        work.Put("empty.png", []);
        var images = (await work.RunJsonAsync()).Images.ToDictionary(image => image.GetProperty("name").GetString()!);
        string FileOf(int number, string layer) => images[$"drawn-{number}.jpg"].GetProperty(layer).GetString()!;
        string SidecarOf(int number) => Path.ChangeExtension(FileOf(number, "gold"), ".json");
        var before = Files();

        File.Delete(FileOf(0, "bronze"));
        Flip(FileOf(1, "bronze"));
        File.Delete(FileOf(2, "silver"));
        File.AppendAllText(FileOf(3, "silver"), "x");
        Flip(FileOf(4, "silver"));
        File.Delete(FileOf(4, "gold"));
        Flip(FileOf(5, "gold"));
        File.Delete(SidecarOf(0));
        File.WriteAllText(SidecarOf(1), "{");
        File.WriteAllText(SidecarOf(2), File.ReadAllText(SidecarOf(2)).Replace("\"label\": \"", "\"label\": \"not ", StringComparison.Ordinal));
        File.Delete(before.Keys.Single(file => file.Contains("/quarantine/", StringComparison.Ordinal)));
        var stray = Path.Combine(work.Data, "silver", "stray.jpg");
        File.WriteAllText(stray, "x");

        (string Kind, string Layer, string File, bool Mended)[] damage =
        [
            ("missing", "bronze", FileOf(0, "bronze"), true), ("wrong-bytes", "bronze", FileOf(1, "bronze"), true),
            ("missing", "silver", FileOf(2, "silver"), true), ("wrong-size", "silver", FileOf(3, "silver"), true), ("wrong-bytes", "silver", FileOf(4, "silver"), true),
            ("missing", "gold", FileOf(4, "gold"), true), ("wrong-bytes", "gold", FileOf(5, "gold"), true),
            ("missing", "sidecar", SidecarOf(0), true), ("unreadable", "sidecar", SidecarOf(1), true), ("contradiction", "sidecar", SidecarOf(2), true),
            ("missing", "quarantine", before.Keys.Single(file => file.Contains("/quarantine/", StringComparison.Ordinal)), true),
            ("without-fact", "silver", stray, false),
        ];
        var (result, findings) = await VerifyAsync("--all", "--grace", "0");
        result.ExitCode.ShouldBe(1);
        findings.ShouldAllBe(finding => !finding.GetProperty("mended").GetBoolean());
        findings.Select(Summary).ShouldBe(damage.Select(one => (one.Kind, one.Layer, one.File, false)), ignoreOrder: true);

        (result, findings) = await VerifyAsync("--all", "--grace", "0", "--repair");
        result.ExitCode.ShouldBe(1);
        findings.Select(Summary).ShouldBe(damage, ignoreOrder: true);
        File.ReadAllText(stray).ShouldBe("x");
        File.Delete(stray);
        var after = Files();
        after.Keys.ShouldBe(before.Keys, ignoreOrder: true);
        foreach (var (file, bytes) in before)
            after[file].ShouldBe(bytes, file);

        (result, findings) = await VerifyAsync("--all", "--grace", "0");
        result.ExitCode.ShouldBe(0, result.Error);
        findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task All_layers_but_bronze_are_made_again_to_the_byte()
    {
        work.PutPhotos(30);
        work.Put("empty.png", []);
        work.Put("notes.jpg", "not an image"u8.ToArray());
        File.Copy(Directory.GetFiles(work.Pictures)[0], work.PathOf("twin.jpg"));
        await work.RunJsonAsync();
        var before = Files();
        foreach (var layer in Layer.All.Except([Layer.Bronze]))
        {
            Directory.Delete(Path.Combine(work.Data, layer), recursive: true);
            Directory.CreateDirectory(Path.Combine(work.Data, layer));
        }
        var (result, findings) = await VerifyAsync("--repair");
        result.ExitCode.ShouldBe(0, result.Error);
        findings.Length.ShouldBe(31 * 3 + 2);
        var after = Files();
        after.Keys.ShouldBe(before.Keys, ignoreOrder: true);
        foreach (var (file, bytes) in before)
            after[file].ShouldBe(bytes, file);
    }

    [Fact]
    public async Task A_lost_original_comes_back_from_an_image_with_the_same_bytes_or_is_said_to_be_lost()
    {
        work.Draw(2);
        File.Copy(work.PathOf("drawn-0.jpg"), work.PathOf("twin.jpg"));
        var (_, images) = await work.RunJsonAsync();
        Directory.Delete(work.Pictures, recursive: true);
        foreach (var image in images.Where(image => image.GetProperty("name").GetString() != "twin.jpg"))
            File.Delete(image.GetProperty("bronze").GetString()!);

        var result = await work.RunAsync("verify", "--repair");
        result.ExitCode.ShouldBe(1);
        result.OutputLines.ShouldContain(line => line.Contains("bronze") && line.Contains("Mended."));
        result.OutputLines.Single(line => line.Contains("The original is lost here"))
            .ShouldContain(images.Single(image => image.GetProperty("name").GetString() == "drawn-1.jpg").GetProperty("bronze").GetString()!);
        result.OutputLines[^1].ShouldEndWith(": 2 findings, 1 mended. 6 objects written within the last 10 minutes were not judged; --grace 0 judges all.");
        result.ErrorLines.ShouldHaveSingleItem().ShouldContain("docs/operations.md");
    }

    [Fact]
    public async Task Silver_of_another_recipe_comes_from_gold_or_cannot_be_made_again()
    {
        work.Draw(1);
        var (_, images) = await work.RunJsonAsync();
        var old = images.Single().GetProperty("silver").GetString()!;
        var small = new Dictionary<string, string>(work.Settings) { ["ASSAY_PREPROCESS__MAXSIDE"] = "64" };
        await using (var again = AssayProcess.Start("assay", small, "run", work.Pictures, "--data", work.Data))
            (await again.ExitAsync(Workplace.Patience)).ExitCode.ShouldBe(0);
        var made = Directory.GetFiles(Path.Combine(work.Data, "silver"), "*", SearchOption.AllDirectories).Single(file => file != old);
        // As it is now with the settings of the old recipe: gold is the new one's.
        (await VerifyAsync("--all", "--grace", "0")).Result.ExitCode.ShouldBe(0);

        File.Delete(made);
        (await VerifyAsync("--repair")).Result.ExitCode.ShouldBe(0);
        File.Exists(made).ShouldBeTrue();

        File.Delete(old);
        await using (var verify = AssayProcess.Start("assay", small, "verify", "--repair", "--data", work.Data))
        {
            var result = await verify.ExitAsync(Workplace.Patience);
            result.ExitCode.ShouldBe(1);
            result.Output.ShouldContain("It was made by recipe ");
        }
        (await VerifyAsync("--repair")).Result.ExitCode.ShouldBe(0);
        File.Exists(old).ShouldBeTrue();
    }

    // Gold has one key for all of them, and what was known before is in the catalog only.
    [Fact]
    public async Task After_changes_of_every_kind_and_back_again_layers_and_catalog_agree()
    {
        work.Draw(2);
        using var other = PackageFolder.With(change: manifest => manifest with { Version = "2.0.0", Labels = ["warm", "fresh", "cold"], Thresholds = new Dictionary<string, double> { ["default"] = 0.5 } });
        (string Name, string Value)[][] changes =
        [
            [], [("ASSAY_PREPROCESS__MAXSIDE", "64")], [("ASSAY_ENRICH__KEEPGPS", "true")], [("ASSAY_CLASSIFY__MODEL", other.Path)], [],
            [("ASSAY_PREPROCESS__MAXSIDE", "64"), ("ASSAY_ENRICH__KEEPGPS", "true"), ("ASSAY_CLASSIFY__MODEL", other.Path), ("ASSAY_ENRICH__MINSHARPNESS", "50000")],
        ];
        foreach (var change in changes)
        {
            var settings = new Dictionary<string, string>(work.Settings);
            foreach (var (name, value) in change)
                settings[name] = value;
            await using var run = AssayProcess.Start("assay", settings, "run", work.Pictures, "--data", work.Data);
            (await run.ExitAsync(Workplace.Patience)).ExitCode.ShouldBe(0, run.ToString());
            var (result, findings) = await VerifyAsync("--all", "--grace", "0");
            findings.Select(finding => finding.GetRawText()).ShouldBeEmpty();
            result.ExitCode.ShouldBe(0, result.Error);
        }
        work.Count("COUNT(*) FROM enrichments").ShouldBe(8);
    }

    [Fact]
    public async Task Results_of_an_image_that_was_not_taken_in_are_found()
    {
        work.Draw(2);
        var (_, images) = await work.RunJsonAsync();
        work.Change("DELETE FROM images WHERE raw_name = 'drawn-1.jpg'");
        var lost = images.Single(image => image.GetProperty("name").GetString() == "drawn-1.jpg");
        var (result, findings) = await VerifyAsync("--grace", "0");
        result.ExitCode.ShouldBe(1);
        findings.Select(finding => (finding.GetProperty("kind").GetString(), finding.GetProperty("layer").GetString(), finding.GetProperty("imageId").GetString()))
            .ShouldBe([("without-fact", "bronze", lost.GetProperty("id").GetString()), ("without-image", "catalog", lost.GetProperty("id").GetString())]);
        findings[0].GetProperty("detail").GetString()!.ShouldEndWith(
            " It may be the only copy of an original: do not remove it. The catalog has other results of its image: see what without-image says about it.");
        findings[1].GetProperty("detail").GetString()!.ShouldContain("'assay run' of the same path takes it in again under the same id");

        (await work.RunJsonAsync()).Result.ExitCode.ShouldBe(0);
        (result, findings) = await VerifyAsync("--all", "--grace", "0", "--repair");
        result.ExitCode.ShouldBe(0, string.Join('\n', findings.Select(finding => finding.GetRawText())));
    }

    [Fact]
    public async Task Only_the_objects_of_the_sample_are_read()
    {
        work.Draw(4);
        var (_, images) = await work.RunJsonAsync();
        foreach (var image in images)
            Flip(image.GetProperty("bronze").GetString()!);
        (await VerifyAsync("--sample", "0")).Findings.ShouldBeEmpty();
        (await VerifyAsync("--sample", "1")).Findings.Length.ShouldBe(1);
        (await VerifyAsync("--sample", "3")).Findings.Length.ShouldBe(3);
        (await VerifyAsync()).Findings.Length.ShouldBe(4);
    }

    [Fact]
    public async Task What_was_written_a_moment_ago_may_be_at_work()
    {
        work.Draw(1);
        await work.RunJsonAsync();
        File.WriteAllText(Path.Combine(work.Data, "gold", "stray.jpg"), "x");
        var young = await work.RunAsync("verify", "--all");
        young.ExitCode.ShouldBe(0, young.Error);
        // Gold and its sidecar may be written again, and what has no fact may get one.
        young.Output.ShouldBe("1 image with 4 objects, of which 2 were read: nothing found. 3 objects written within the last 10 minutes were not judged; --grace 0 judges all.\n");
        (await VerifyAsync("--grace", "0")).Result.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_run_that_is_at_work_makes_no_findings()
    {
        work.Draw(60);
        await using var run = work.Start("run", work.Pictures);
        await Eventually.HoldsAsync("images are on their way", () => File.Exists(Path.Combine(work.Data, "catalog.db")) && Directory.Exists(Path.Combine(work.Data, "gold")), details: run.ToString);
        do
        {
            var (result, findings) = await VerifyAsync("--all");
            findings.ShouldBeEmpty();
            result.ExitCode.ShouldBe(0, result.Error);
        }
        while (!run.HasExited);
        (await run.ExitAsync(Workplace.Patience)).ExitCode.ShouldBe(0, run.ToString());

        await using var watch = work.Start("run", work.Pictures, "--watch");
        await Eventually.HoldsAsync("it watches", () => watch.Output.Contains("Watching", StringComparison.Ordinal), details: watch.ToString);
        var repair = await work.RunAsync("verify", "--repair");
        repair.ExitCode.ShouldBe(2);
        repair.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"--data {work.Data} is in use by another run.");
    }

    /// <inheritdoc/>
    public void Dispose() => work.Dispose();

    private async Task<(ProcessResult Result, JsonElement[] Findings)> VerifyAsync(params string[] options)
    {
        var result = await work.RunAsync(["verify", "--json", .. options]);
        return (result, Workplace.Parse(result.OutputLines));
    }

    private static (string Kind, string Layer, string File, bool Mended) Summary(JsonElement finding) => (
        finding.GetProperty("kind").GetString()!, finding.GetProperty("layer").GetString()!, finding.GetProperty("object").GetString()!, finding.GetProperty("mended").GetBoolean());

    private Dictionary<string, byte[]> Files() => Layer.All
        .SelectMany(layer => Directory.GetFiles(Path.Combine(work.Data, layer), "*", SearchOption.AllDirectories))
        .ToDictionary(file => file, File.ReadAllBytes);

    private static void Flip(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[^3] ^= 1;
        File.WriteAllBytes(file, bytes);
    }
}
