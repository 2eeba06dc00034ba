using System.Globalization;
using System.Text.Json;
using Assay.Classify;
using Assay.Tests.Classify;
using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Embedded;

/// <summary><c>assay train</c>: one's own labels, from pictures of which they are known.</summary>
public sealed class TrainTests : IDisposable
{
    private const int PerLabel = 12;

    private readonly Workplace work = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Labelled => Path.Combine(work.Data, "labelled");

    [Fact]
    public async Task A_folder_of_labels_becomes_a_model_that_is_judged_registered_and_answers_once_it_is_activated()
    {
        work.Put("blue.jpg", Picture.Plain(70, 50, Picture.Blue).Jpeg());
        await work.RunJsonAsync();
        foreach (var label in new[] { "blue", "red", "striped" })
            await DrawAsync(label, PerLabel);
        await DrawAsync("rare", 3);
        // The same picture under another name, and under another label.
        File.Copy(Path.Combine(Labelled, "red", "00.jpg"), Path.Combine(Labelled, "red", "again.jpg"));
        await File.WriteAllBytesAsync(Path.Combine(Labelled, "red", "striped.jpg"), Of("striped", PerLabel), Token);
        await File.WriteAllBytesAsync(Path.Combine(Labelled, "striped", "striped.jpg"), Of("striped", PerLabel), Token);
        await File.WriteAllTextAsync(Path.Combine(Labelled, "red", "notes.txt"), "no picture", Token);

        var result = await TrainAsync("colours", Labelled, "1", "--question", "Which colour?", "--by", "anna");
        result.ExitCode.ShouldBe(0, result.Error);
        result.ErrorLines.Length.ShouldBe(3, result.Error);
        result.Error.ShouldContain("are left out: they are the same picture with different labels.");
        result.Error.ShouldContain("notes.txt is left out");
        result.Error.ShouldContain("The label 'rare' is left out: it has 3 pictures that can be used, and 10 are needed.");
        result.Output.ShouldContain("30 pictures of 3 labels to learn from, 6 to judge by; the base is image-kinds ");
        result.Output.ShouldContain("It is right about 100.0 % of the pictures to judge by.");
        result.Output.ShouldContain("Registered colours 1. It answers after");
        var manifest = await ManifestAsync("1");
        manifest.GetProperty("labels").EnumerateArray().Select(label => label.GetString()).ShouldBe(["blue", "red", "striped"]);
        (await File.ReadAllTextAsync(Path.Combine(PackageOf("1"), "MODEL-CARD.md"), Token)).ShouldContain("| red | 10 | 2 | 100.0 % | 100.0 % |");
        work.Count("COUNT(*) FROM model_states WHERE name = 'colours' AND version = '1' AND state = 'registered' AND changed_by = 'anna'").ShouldBe(1);

        // The same pictures and seed: the same weights, to the last bit.
        (await TrainAsync("colours", Labelled, "2")).ExitCode.ShouldBe(0);
        (await ManifestAsync("2")).GetProperty("sha256").GetString().ShouldBe(manifest.GetProperty("sha256").GetString());

        (await work.RunAsync("models", "activate", "colours", "1")).ExitCode.ShouldBe(0);
        work.Put("another.jpg", Picture.Plain(90, 41, Picture.Blue).Jpeg());
        await work.RunJsonAsync();
        // The run has asked about the picture that was there already, too.
        work.Count("COUNT(*) FROM current_labels WHERE model = 'colours' AND label = 'blue'").ShouldBe(2);
    }

    [Fact]
    public async Task Persons_verdicts_and_a_manifest_are_learnt_from_as_well()
    {
        for (var i = 0; i < PerLabel; i++)
        {
            work.Put($"red-{i}.jpg", Of("red", i));
            work.Put($"blue-{i}.jpg", Of("blue", i));
        }
        var (_, images) = await work.RunJsonAsync();
        // As 'assay labels set' would, two dozen times: for persons red is second, and blue is third.
        work.Change("""
            INSERT INTO verdicts (id, image_id, model, label, reviewer, decided_at)
            SELECT upper(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(6))),
                id, 'tiny', CASE WHEN raw_name LIKE 'red%' THEN 'second' ELSE 'third' END, 'anna', '2026-03-14 09:26:53' FROM images
            """);
        var refused = await TrainAsync("tiny", "verdicts", "2");
        (refused.ExitCode, refused.ErrorLines.ShouldHaveSingleItem()).ShouldBe((1, "Model package tiny 1.0.0: model.onnx does not end with a linear layer or a convolution that could be replaced."));

        var learnt = await TrainAsync("tiny", "verdicts", "2", "--base", ModelPackage.BuiltIn);
        learnt.ExitCode.ShouldBe(0, learnt.Error);
        learnt.Output.ShouldContain("It is right about 100.0 % of the pictures to judge by.");
        (await ManifestAsync("2")).GetProperty("labels").EnumerateArray().Select(label => label.GetString()).ShouldBe(["second", "third"]);

        var lines = images.Select(image => $$"""{"imageId": "{{image.GetProperty("id").GetString()}}", "label": "{{(image.GetProperty("name").GetString()!.StartsWith("red", StringComparison.Ordinal) ? "warm" : "cold")}}"}""").ToList();
        Directory.CreateDirectory(Labelled);
        await File.WriteAllBytesAsync(Path.Combine(Labelled, "more.jpg"), Of("red", PerLabel), Token);
        var manifest = Path.Combine(Labelled, "pictures.jsonl");
        await File.WriteAllLinesAsync(manifest, [.. lines, """{"file": "more.jpg", "label": "warm"}"""], Token);
        (await TrainAsync("mood", manifest, "1")).Output.ShouldContain("21 pictures of 2 labels to learn from, 4 to judge by");

        await File.WriteAllLinesAsync(manifest, [.. lines, """{"file": "gone.jpg", "label": "warm"}"""], Token);
        (await RefusedAsync("mood", manifest)).ShouldEndWith($"pictures.jsonl, line {lines.Count + 1}: there is no file gone.jpg.");
        await File.WriteAllLinesAsync(manifest, ["""{"file": "more.jpg", "class": "warm"}"""], Token);
        (await RefusedAsync("mood", manifest)).ShouldContain("pictures.jsonl, line 1: it must be like {\"file\": \"a.jpg\", \"label\": \"coat\"}");
        await File.WriteAllLinesAsync(manifest, ["""{"file": "more.jpg"}"""], Token);
        (await RefusedAsync("mood", manifest)).ShouldEndWith("line 1: it must have label, and either file or imageId.");
    }

    [Theory]
    [InlineData("garments", 10, 60, 60)]
    [InlineData("image-kinds", 6, 90, 70)]
    public async Task A_foreign_model_in_half_precision_learns_other_labels_and_how_sure_it_may_be(string pictures, int labels, int each, double right)
    {
        using var imageNet = ImageNetTests.PackageOf(SharedFolder.Require("models", "squeezenet-fp16"));
        await work.RunJsonAsync();
        foreach (var folder in Directory.GetDirectories(SharedFolder.Require("datasets", pictures, "train")))
        {
            var label = Directory.CreateDirectory(Path.Combine(Labelled, Path.GetFileName(folder)));
            foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Take(each))
                File.Copy(file, Path.Combine(label.FullName, Path.GetFileName(file)));
        }
        var result = await TrainAsync(pictures, Labelled, "1", "--base", imageNet.Path);
        result.ExitCode.ShouldBe(0, result.Error);
        double.Parse(result.Output.Split("right about ")[1].Split(' ')[0], CultureInfo.InvariantCulture).ShouldBeGreaterThan(right, result.Output);

        var manifest = ModelPackage.Load(PackageOf("1")).Manifest;
        manifest.Labels.Count.ShouldBe(labels);
        // Fitted, which takes pictures enough.
        manifest.Output.Temperature.ShouldNotBe(1);
        manifest.Review!.Energy.ShouldNotBeNull();
        (await File.ReadAllTextAsync(Path.Combine(PackageOf("1"), "MODEL-CARD.md"), Token)).ShouldContain($"Temperature ({manifest.Output.Temperature.ToString("0.00", CultureInfo.InvariantCulture)}) and thresholds were fitted on one half");
    }

    [Fact]
    public async Task What_cannot_be_trained_is_one_sentence()
    {
        await work.RunJsonAsync();
        (await RefusedAsync("colours", Path.Combine(work.Data, "nowhere"))).ShouldStartWith("There is no folder ");
        (await RefusedAsync("colours", "verdicts")).ShouldStartWith("No person has decided on an image for colours in ");
        await DrawAsync("red", 3);
        (await RefusedAsync("colours", Labelled)).ShouldBe("There is no label but 'red'; a classifier needs at least two.");
        await DrawAsync("blue", 3);
        (await RefusedAsync("Colours", Labelled)).ShouldStartWith("Model package Colours 0: model.json: name is \"Colours\"; it must be ");
        var taken = await TrainAsync("tiny", Labelled, "1.0.0");
        (taken.ExitCode, taken.ErrorLines.ShouldHaveSingleItem()).ShouldBe((1, "tiny 1.0.0 is registered already: --model-version names another version."));
        var few = await TrainAsync("colours", Labelled, "0");
        (few.ExitCode, few.ErrorLines[^1]).ShouldBe((1, "0 labels have 10 pictures or more; a classifier needs at least two."));
        Directory.Exists(PackageOf("0")).ShouldBeFalse();
        Directory.CreateDirectory(PackageOf("0"));
        (await RefusedAsync("colours", "verdicts")).ShouldEndWith("is there already: --output names another folder.");
    }

    /// <inheritdoc/>
    public void Dispose() => work.Dispose();

    private string PackageOf(string version) => Path.Combine(work.Data, $"trained-{version}");

    private Task<ProcessResult> TrainAsync(string name, string from, string version, params IEnumerable<string> arguments) =>
        work.RunAsync(["train", name, "--from", from, "--model-version", version, "--output", PackageOf(version), .. arguments]);

    private async Task<string> RefusedAsync(string name, string from)
    {
        var result = await TrainAsync(name, from, "0");
        result.ExitCode.ShouldBe(1, result.Error);
        return result.ErrorLines.ShouldHaveSingleItem();
    }

    private async Task<JsonElement> ManifestAsync(string version)
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(PackageOf(version), "model.json"), Token));
        return document.RootElement.Clone();
    }

    private async Task DrawAsync(string label, int count)
    {
        Directory.CreateDirectory(Path.Combine(Labelled, label));
        for (var i = 0; i < count; i++)
            await File.WriteAllBytesAsync(Path.Combine(Labelled, label, $"{i:00}.jpg"), Of(label, i), Token);
    }

    // Of different sizes, since twins would be one image.
    private static byte[] Of(string label, int number) => label switch
    {
        "red" => Picture.Plain(100 + number, 80, Picture.Red).Jpeg(),
        "blue" => Picture.Plain(100 + number, 80, Picture.Blue).Jpeg(),
        "rare" => Picture.Detailed(100 + number, 70).Jpeg(),
        _ => Picture.Detailed(100 + number, 80).Jpeg(),
    };
}
