using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Assay.Classify;
using Assay.Tests.Classify;
using Assay.Tests.Distributed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Assay.Tests.Embedded;

public sealed class ModelsTests : IDisposable
{
    private static readonly string[] Renamed = ["warm", "fresh", "cold"];

    // A second or two of one processor, and well below the 20 after which an answer is given up.
    private const long SlowRounds = 200_000;

    private readonly Workplace work = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_answers_when_it_is_activated_and_going_back_is_the_same_command()
    {
        using var next = Next();
        work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        await work.RunJsonAsync();
        (await ModelsAsync("add", next.Path)).ShouldContain("Registered tiny 2.0.0.");
        (await LabelAsync()).ShouldBe("first");

        (await ModelsAsync("activate", "tiny", "2.0.0", "--by", "anna")).ShouldBe("tiny 1.0.0 is retired.\ntiny 2.0.0 is active.\n");
        // What the version before it said is believed until the new one has been asked.
        (await LabelAsync()).ShouldBe("first");
        await RunAsFoundAsync();
        (await LabelAsync()).ShouldBe("warm");

        (await ModelsAsync("activate", "tiny", "1.0.0", "--by", "berta")).ShouldBe("tiny 2.0.0 is retired.\ntiny 1.0.0 is active.\n");
        (await LabelAsync()).ShouldBe("first");
        await RunAsFoundAsync();
        work.Count("COUNT(*) FROM predictions").ShouldBe(2);
        (await ModelsAsync("activate", "tiny", "1.0.0")).ShouldBe("tiny 1.0.0 was active already: nothing changed.\n");
        work.Count("COUNT(*) FROM model_transitions WHERE name = 'tiny'").ShouldBe(7);
        var shown = await ModelsAsync("show", "tiny");
        shown.ShouldContain("anna");
        shown.ShouldContain("berta");
        (await VerifyAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Models_that_answer_different_questions_are_active_beside_each_other()
    {
        using var other = PackageFolder.With(change: manifest => manifest with { Name = "mood", Labels = Renamed, Thresholds = new Dictionary<string, double> { ["default"] = 0.1 } });
        work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        work.Put("blue.jpg", Picture.Plain(50, 50, Picture.Blue).Jpeg());
        await work.RunJsonAsync();
        await ModelsAsync("add", other.Path);
        await ModelsAsync("activate", "mood", "1.0.0");
        work.Put("green.jpg", Picture.Plain(50, 50, Picture.Green).Jpeg());
        var images = await RunAsFoundAsync();

        work.Count("COUNT(*) FROM predictions").ShouldBe(6);
        var labels = await LabelsAsync();
        labels.Count(label => label.GetProperty("model").GetString() == "mood").ShouldBe(3);
        var red = images.Single(image => image.GetProperty("name").GetString() == "red.jpg");
        using var sidecar = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.ChangeExtension(red.GetProperty("gold").GetString()!, ".json"), Token));
        sidecar.RootElement.GetProperty("classifications").EnumerateArray().Select(answer => (answer.GetProperty("model").GetProperty("name").GetString(), answer.GetProperty("label").GetString()))
            .ShouldBe([("mood", "warm"), ("tiny", "first")]);
        (await VerifyAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Another_package_with_a_version_that_is_taken_is_refused()
    {
        using var same = PackageFolder.With(change: manifest => manifest with { Output = manifest.Output with { Temperature = 2 } });
        await work.RunAsync("run", work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg()));
        (await RefusedAsync("models", "add", same.Path)).ShouldStartWith("tiny 1.0.0 is registered already with another content");
    }

    [Fact]
    public async Task The_only_active_model_cannot_retire()
    {
        await work.RunAsync("run", work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg()));
        (await RefusedAsync("models", "retire", "tiny", "1.0.0")).ShouldStartWith("tiny 1.0.0 is the only active model");
        (await RefusedAsync("models", "activate", "tiny", "9")).ShouldStartWith("There is no model tiny 9");
    }

    // The entries of the zip file, each with so many bytes.
    [Theory]
    [InlineData("the zip file has an entry that leads out of it: ../../model.onnx", "../../model.onnx", 1)]
    [InlineData("the zip file has an entry that leads out of it: /etc/model.json", "/etc/model.json", 1)]
    [InlineData("the zip file has an entry that leads out of it: ..\\model.onnx", "..\\model.onnx", 1)]
    [InlineData("model.json has more than 4194304 bytes, which is not allowed", "model.json", 5 << 20, "model.onnx", 1)]
    [InlineData("model.onnx has more than 134217728 bytes, which is not allowed", "model.json", 1, "model.onnx", (128 << 20) + 1)]
    [InlineData("model.onnx is missing in the zip file", "model.json", 1)]
    [InlineData("the zip file has 2 files with the name model.json", "a/model.json", 1, "b/model.json", 1, "model.onnx", 1)]
    [InlineData("model.json is not valid JSON", "model.json", 1, "model.onnx", 1)]
    public async Task A_hostile_zip_file_is_refused_with_its_reason(string reason, params object[] entries)
    {
        await work.RunAsync("run", work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg()));
        var zip = work.PathOf("hostile.zip");
        await ZipAsync(zip, entries.Chunk(2).Select(entry => ((string)entry[0], new byte[(int)entry[1]])));
        (await RefusedAsync("models", "add", zip)).ShouldStartWith($"Model package {zip}: {reason}");
        work.Count("COUNT(*) FROM models").ShouldBe(1);
    }

    [Fact]
    public async Task A_model_that_takes_more_memory_than_a_worker_has_is_refused_without_taking_it_here()
    {
        // Two hundred bytes that become four gigabytes.
        using var bomb = PackageFolder.With(TinyModel.Inflated(20_000, 50_000), manifest => manifest with { Version = "2.0.0" });
        await work.RunAsync("run", work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg()));
        (await RefusedAsync("models", "add", bomb.Path)).ShouldContain("emory");
        work.Count("COUNT(*) FROM models").ShouldBe(1);
    }

    [Fact]
    public async Task A_zip_file_comes_from_the_web_and_has_the_checksum_that_was_asked_for()
    {
        using var next = Next();
        await work.RunAsync("run", work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg()));
        var zip = work.PathOf("next.zip");
        await ZipAsync(zip, [("tiny-2/model.json", await File.ReadAllBytesAsync(next.File("model.json"), Token)), ("tiny-2/model.onnx", await File.ReadAllBytesAsync(next.File("model.onnx"), Token)), ("tiny-2/README.md", [])]);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(zip, Token)));
        await using var web = WebApplication.CreateSlimBuilder().Build();
        web.Urls.Add("http://127.0.0.1:0");
        web.MapGet("/next.zip", () => Results.File(zip));
        await web.StartAsync(Token);
        var address = $"{web.Urls.Single()}/next.zip";

        (await RefusedAsync("models", "add", address, "--sha256", new string('0', 64))).ShouldBe($"Model package {address}: the zip file's SHA-256 is {sha256}, not {new string('0', 64)}.");
        (await RefusedAsync("models", "add", address)).ShouldBe($"Model package {address}: what comes over http may have been exchanged on its way: take it from an https address, or say what it must be ('assay models add' with --sha256).");
        (await RefusedAsync("models", "add", $"{web.Urls.Single()}/other.zip", "--sha256", sha256)).ShouldContain("it cannot be downloaded: ");
        (await ModelsAsync("add", address, "--sha256", sha256)).ShouldContain("Registered tiny 2.0.0.");
        (await ModelsAsync("add", zip)).ShouldBe("tiny 2.0.0 was registered already: nothing changed.\n");
    }

    [Fact]
    public async Task A_persons_word_counts_more_and_what_was_believed_before_it_is_known()
    {
        work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        var (_, images) = await work.RunJsonAsync();
        var (id, before) = (images.ShouldHaveSingleItem().GetProperty("id").GetString()!, DateTime.UtcNow);
        (await RefusedAsync("labels", "set", id, "fnord")).ShouldBe("'fnord' is no label of tiny, which has first, second, third.");
        (await RefusedAsync("labels", "set", Guid.Empty.ToString(), "third")).ShouldStartWith("There is no image ");
        (await SucceedAsync("labels", "set", id, "third", "--by", "anna", "--reason", "a trick of the light")).ShouldBe($"{id} is third, says anna; before: first.\n");

        (await LabelAsync()).ShouldBe("third");
        (await LabelAsync("--as-of", before.ToString("O"))).ShouldBe("first");
        (await LabelsAsync("--as-of", "2020-01-01")).ShouldBeEmpty();
        (await SucceedAsync("show", id)).ShouldContain("a trick of the light");
        // A new answer does not change a person's mind.
        using var next = Next();
        await ModelsAsync("add", next.Path);
        await ModelsAsync("activate", "tiny", "2.0.0");
        await RunAsFoundAsync();
        (await LabelAsync()).ShouldBe("third");
    }

    [Fact]
    public async Task A_prediction_is_made_again_with_the_recipe_and_the_model_of_then()
    {
        using var next = Next();
        work.Put("red.jpg", Picture.Detailed(700, 400).Jpeg());
        await work.RunJsonAsync();
        var then = (await LabelsAsync()).Single().GetProperty("predictionId").GetString()!;
        await ModelsAsync("add", next.Path);
        await ModelsAsync("activate", "tiny", "2.0.0");
        var settings = new Dictionary<string, string>(work.Settings) { ["ASSAY_PREPROCESS__MAXSIDE"] = "64" };
        settings.Remove("ASSAY_CLASSIFY__MODEL");
        await using (var run = AssayProcess.Start("assay", settings, "run", work.Pictures, "--data", work.Data))
            (await run.ExitAsync(Workplace.Patience)).ExitCode.ShouldBe(0);

        (await SucceedAsync("reproduce", then)).ShouldEndWith("Reproduced.\n");
        var now = (await LabelsAsync()).Single().GetProperty("predictionId").GetString()!;
        now.ShouldNotBe(then);
        (await SucceedAsync("reproduce", now)).ShouldEndWith("Reproduced.\n");

        // What another version's code has made cannot be made again; what it made is there.
        work.Change($"UPDATE cleansed SET recipe = '0' || substr(recipe, 2) WHERE recipe = (SELECT recipe FROM predictions WHERE id = '{now.ToUpperInvariant()}')");
        work.Change($"UPDATE predictions SET recipe = '0' || substr(recipe, 2) WHERE id = '{now.ToUpperInvariant()}'");
        var kept = await SucceedAsync("reproduce", now);
        kept.ShouldContain("the silver image is the one that is kept: recipe 0-64-");
        kept.ShouldEndWith("Reproduced.\n");

        work.Change($"UPDATE predictions SET label = 'third' WHERE id = '{then.ToUpperInvariant()}'");
        var changed = await work.RunAsync("reproduce", then);
        changed.ExitCode.ShouldBe(1, changed.Error);
        changed.Output.ShouldContain("Not reproduced: another label.");
        (await RefusedAsync("reproduce", Guid.Empty.ToString())).ShouldStartWith("There is no prediction ");
    }

    [Fact]
    public async Task A_shadow_version_watches_and_two_versions_are_compared_on_what_is_there()
    {
        using var next = PackageFolder.With(change: manifest => manifest with { Version = "2.0.0", Labels = ["second", "first", "third"] });
        work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        work.Put("blue.jpg", Picture.Plain(50, 50, Picture.Blue).Jpeg());
        var (_, images) = await work.RunJsonAsync();
        await SucceedAsync("labels", "set", images.Single(image => image.GetProperty("name").GetString() == "red.jpg").GetProperty("id").GetString()!, "second");
        await ModelsAsync("add", next.Path);
        await ModelsAsync("shadow", "tiny", "2.0.0");
        work.Put("green.jpg", Picture.Plain(50, 50, Picture.Green).Jpeg());
        await RunAsFoundAsync();
        (await LabelsAsync()).Select(label => label.GetProperty("modelVersion").GetString()).ShouldAllBe(version => version == "1.0.0");

        var compared = JsonDocument.Parse(await SucceedAsync("models", "compare", "tiny", "1.0.0", "2.0.0", "--json")).RootElement;
        (compared.GetProperty("images").GetInt32(), compared.GetProperty("agree").GetInt32(), compared.GetProperty("verdicts").GetInt32()).ShouldBe((3, 1, 1));
        (compared.GetProperty("one").GetProperty("right").GetDouble(), compared.GetProperty("other").GetProperty("right").GetDouble()).ShouldBe((0, 1));
        compared.GetProperty("one").GetProperty("cpuMs").GetDouble().ShouldBeGreaterThan(0);
        compared.GetProperty("flips").EnumerateArray().Select(flip => (flip.GetProperty("one").GetString(), flip.GetProperty("other").GetString(), flip.GetProperty("images").GetInt32()))
            .ShouldBe([("first", "second", 1), ("second", "first", 1)]);
        (await SucceedAsync("models", "compare", "tiny", "1.0.0", "2.0.0")).ShouldContain("They agree on 1 of 3 images");
    }

    [Fact]
    public async Task A_shadow_version_that_gives_no_usable_answer_holds_nothing_up()
    {
        using var next = PackageFolder.With(Undecided(), manifest => manifest with { Version = "2.0.0" });
        work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        await work.RunJsonAsync();
        await ModelsAsync("add", next.Path);
        await ModelsAsync("shadow", "tiny", "2.0.0");
        work.Put("white.jpg", Picture.Plain(50, 50, 255, 255, 255).Jpeg());
        (await RunAsFoundAsync()).Length.ShouldBe(2);
        work.Count("COUNT(*) FROM predictions WHERE role = 'shadow'").ShouldBe(1);
        work.Count("COUNT(*) FROM failures").ShouldBe(0);
        (await VerifyAsync()).ExitCode.ShouldBe(0);
        var compared = await work.RunAsync("models", "compare", "tiny", "1.0.0", "2.0.0");
        compared.Output.ShouldContain("of 1 images");
        compared.ErrorLines.ShouldHaveSingleItem().ShouldEndWith("is left out: Model tiny 2.0.0: it answers with numbers that are not finite; if it is active, activate another version.");
    }

    [Fact]
    public async Task An_active_model_that_gives_no_usable_answer_keeps_nobody_from_the_others_answers()
    {
        using var other = PackageFolder.With(Undecided(), manifest => manifest with { Name = "another" });
        work.Put("white.jpg", Picture.Plain(50, 50, 255, 255, 255).Jpeg());
        await work.RunJsonAsync();
        await ModelsAsync("add", other.Path);
        await ModelsAsync("activate", "another", "1.0.0");
        work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        await RunAsFoundAsync(exitCode: 1);
        work.Count("COUNT(*) FROM predictions WHERE model = 'another'").ShouldBe(1);
        work.Count("COUNT(*) FROM predictions WHERE model = 'tiny'").ShouldBe(2);
        work.Count("COUNT(*) FROM failures WHERE detail LIKE '%another 1.0.0: it answers with numbers that are not finite%'").ShouldBe(1);
    }

    [Fact]
    public async Task An_active_model_that_is_lost_is_a_failure_of_the_image_that_the_next_run_mends_and_no_question_left_open()
    {
        using var other = PackageFolder.With(change: manifest => manifest with { Name = "another" });
        work.Put("white.jpg", Picture.Plain(50, 50, 255, 255, 255).Jpeg());
        await work.RunJsonAsync();
        await ModelsAsync("add", other.Path);
        await ModelsAsync("activate", "another", "1.0.0");
        File.Delete(Directory.GetFiles(Path.Combine(work.Data, "models", "another"), "model.onnx", SearchOption.AllDirectories).Single());
        await RunAsFoundAsync(exitCode: 1);
        work.Count("COUNT(*) FROM predictions WHERE model = 'tiny'").ShouldBe(1);
        work.Count("COUNT(*) FROM failures WHERE detail LIKE '%another 1.0.0: it cannot be loaded%'").ShouldBe(1);

        await ModelsAsync("add", other.Path);
        await RunAsFoundAsync();
        work.Count("COUNT(*) FROM predictions WHERE model = 'another'").ShouldBe(1);
    }

    [Fact]
    public async Task A_slow_shadow_version_delays_no_answer()
    {
        const int images = 5;
        using var next = PackageFolder.With(TinyModel.Loop(SlowRounds), manifest => manifest with { Version = "2.0.0" });
        work.Put("0.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        await work.RunJsonAsync();
        await ModelsAsync("add", next.Path);
        await ModelsAsync("shadow", "tiny", "2.0.0");
        for (var i = 1; i < images; i++)
            work.Put($"{i}.jpg", Picture.Plain(50 + i, 50, Picture.Red).Jpeg());
        await RunAsFoundAsync();
        work.Count("COUNT(*) FROM predictions WHERE role = 'shadow'").ShouldBe(images);
        // Had each waited for the shadow, the last active answer would have come after all of the shadow's but its own.
        work.Count($"COUNT(*) FROM predictions one WHERE role = 'active' AND (SELECT COUNT(*) FROM predictions other WHERE other.role = 'shadow' AND other.predicted_at < one.predicted_at) >= {images - 1}").ShouldBe(0);
    }

    [Fact]
    public async Task A_version_whose_objects_are_lost_or_damaged_is_not_activated_until_it_has_been_added_again()
    {
        using var next = Next();
        work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        await work.RunJsonAsync();
        await ModelsAsync("add", next.Path);
        var model = Directory.GetFiles(Path.Combine(work.Data, "models", "tiny", "2.0.0"), "model.onnx", SearchOption.AllDirectories).Single();
        File.Delete(model);

        (await RefusedAsync("models", "activate", "tiny", "2.0.0")).ShouldContain("model.onnx");
        (await ModelsAsync("add", next.Path)).ShouldContain("what had been lost of it in");
        File.Exists(model).ShouldBeTrue();
        await File.WriteAllBytesAsync(model, new byte[new FileInfo(model).Length], Token);
        (await RefusedAsync("models", "activate", "tiny", "2.0.0")).ShouldStartWith("Model package tiny 2.0.0 in models: model.json: sha256 is ");
        work.Count("COUNT(*) FROM model_states WHERE name = 'tiny' AND version = '1.0.0' AND state = 'active'").ShouldBe(1);
        (await ModelsAsync("add", next.Path)).ShouldContain("what had been lost of it in");
        (await ModelsAsync("add", next.Path)).ShouldBe("tiny 2.0.0 was registered already: nothing changed.\n");
        (await ModelsAsync("activate", "tiny", "2.0.0")).ShouldContain("tiny 2.0.0 is active.");
    }

    [Fact]
    public async Task A_run_ends_when_its_shadow_models_have_seen_every_image_too()
    {
        const int images = 40;
        using var next = PackageFolder.With(change: manifest => manifest with { Version = "2.0.0" });
        work.Put("0.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        await work.RunJsonAsync();
        await ModelsAsync("add", next.Path);
        await ModelsAsync("shadow", "tiny", "2.0.0");
        for (var i = 1; i < images; i++)
            work.Put($"{i}.jpg", Picture.Plain(50 + i, 50, Picture.Red).Jpeg());
        (await RunAsFoundAsync()).Length.ShouldBe(images);
        work.Count("COUNT(*) FROM predictions WHERE role = 'shadow'").ShouldBe(images);
    }

    [Fact]
    public async Task What_is_doubtful_is_listed_with_its_reasons_until_a_person_has_decided()
    {
        using var watching = PackageFolder.With(change: manifest => manifest with { Version = "2.0.0", Labels = ["second", "first", "third"] });
        // One channel alone: scores 0.58 and twice 0.21, and an energy of -1.55.
        using var strict = PackageFolder.With(change: manifest => manifest with { Version = "3.0.0", Review = new ReviewSpecification(0.5, -1.6) });
        work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        work.Put("green.jpg", Picture.Plain(50, 50, Picture.Green).Jpeg());
        var (_, images) = await work.RunJsonAsync();
        var id = images.ToDictionary(image => image.GetProperty("name").GetString()!, image => image.GetProperty("id").GetString()!);
        var green = (await ReviewAsync()).ShouldHaveSingleItem();
        (green.GetProperty("imageId").GetString(), green.GetProperty("reasons").GetString()).ShouldBe((id["green.jpg"], "low-confidence"));
        (await SucceedAsync("labels", "review")).ShouldContain("low-confidence");
        await SucceedAsync("labels", "set", id["green.jpg"], "second");
        (await SucceedAsync("labels", "review")).ShouldBe("Nothing waits for review.\n");

        await ModelsAsync("add", watching.Path);
        await ModelsAsync("shadow", "tiny", "2.0.0");
        await RunAsFoundAsync();
        var red = (await ReviewAsync()).ShouldHaveSingleItem();
        red.GetProperty("imageId").GetString().ShouldBe(id["red.jpg"]);
        (red.GetProperty("reasons").GetString(), red.GetProperty("otherLabel").GetString(), red.GetProperty("otherVersion").GetString()).ShouldBe(("disagreement", "second", "2.0.0"));

        await ModelsAsync("add", strict.Path);
        await ModelsAsync("activate", "tiny", "3.0.0");
        await RunAsFoundAsync();
        (await ReviewAsync()).ShouldHaveSingleItem().GetProperty("reasons").GetString().ShouldBe("small-margin,out-of-distribution,disagreement");
        (await VerifyAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Of_many_labels_the_page_shows_what_is_taken_for_what_instead_of_all_that_is_not()
    {
        using var many = PackageFolder.With(TinyModel.Repeated(12), manifest => manifest with { Name = "many", Labels = [.. Enumerable.Range(0, 36).Select(i => $"label {i}")], Thresholds = new Dictionary<string, double> { ["default"] = 0.5 } });
        await work.RunAsync("run", work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg()));
        await ModelsAsync("add", many.Path);
        var labelled = Path.Combine(work.Data, "labelled");
        foreach (var label in new[] { "label 0", "label 5" })
        {
            Directory.CreateDirectory(Path.Combine(labelled, label));
            await File.WriteAllBytesAsync(Path.Combine(labelled, label, "a.png"), Picture.Plain(50, 50, Picture.Red).PngsaveBuffer(), Token);
        }
        var page = Path.Combine(work.Data, "many.html");
        await SucceedAsync("models", "report", "many", "1.0.0", "--from", labelled, "--output", page);
        var html = await File.ReadAllTextAsync(page, Token);
        html.ShouldContain("<tr><td>label 5</td><td>label 0</td><td>1</td></tr>");
        html.ShouldNotContain("<th>label 0</th>");
    }

    [Fact]
    public async Task How_right_a_model_is_becomes_one_page_from_persons_verdicts_or_from_a_folder_of_labels()
    {
        work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        work.Put("blue.jpg", Picture.Plain(50, 50, Picture.Blue).Jpeg());
        var (_, images) = await work.RunJsonAsync();
        (await RefusedAsync("models", "report", "tiny", "1.0.0")).ShouldStartWith("No person has decided on an image in ");
        foreach (var (name, label) in new[] { ("red.jpg", "first"), ("blue.jpg", "second") })
            await SucceedAsync("labels", "set", images.Single(image => image.GetProperty("name").GetString() == name).GetProperty("id").GetString()!, label);
        var page = Path.Combine(work.Data, "verdicts.html");
        // Scores of 0.58 twice, right once: 0.08 too sure.
        (await SucceedAsync("models", "report", "tiny", "1.0.0", "--output", page)).ShouldStartWith("tiny 1.0.0 is right about 50.0 % of 2 pictures; its calibration error is 0.07");
        var html = await File.ReadAllTextAsync(page, Token);
        html.ShouldContain("<b>second</b>, said to be <b>third</b>");
        // One range of confidence with both; of the two, which are equally sure, one is right; and what is second is called third.
        html.ShouldContain("aria-label=\"Reliability diagram\"");
        html.ShouldContain("<title>50 % to 60 %: 2 pictures, mean confidence 57.");
        html.ShouldContain("aria-label=\"Coverage and accuracy\"");
        html.ShouldContain("<polyline points=\"364,204\"");
        html.Replace("\n", "", StringComparison.Ordinal).ShouldContain("<td>second</td><td style=\"background: color-mix(in srgb, var(--bad) 0%, transparent)\">0</td><td style=\"background: color-mix(in srgb, var(--good) 0%, transparent)\">0</td><td style=\"background: color-mix(in srgb, var(--bad) 70%, transparent)\">1</td>");
        html.ShouldContain("data:image/jpeg;base64,");
        html.ShouldNotContain("<script");
        html.ShouldNotContain("http");

        var labelled = Directory.CreateDirectory(Path.Combine(work.Data, "labelled")).FullName;
        foreach (var label in new[] { "first", "third" })
        {
            Directory.CreateDirectory(Path.Combine(labelled, label));
            await File.WriteAllBytesAsync(Path.Combine(labelled, label, "a.png"), Picture.Plain(50, 50, label == "first" ? Picture.Red : Picture.Blue).PngsaveBuffer(), Token);
        }
        await File.WriteAllTextAsync(Path.Combine(labelled, "first", "b.txt"), "no picture", Token);
        var result = await work.RunAsync("models", "report", "tiny", "1.0.0", "--from", labelled, "--output", page);
        (result.ExitCode, result.Output.StartsWith("tiny 1.0.0 is right about 100.0 % of 2 pictures", StringComparison.Ordinal)).ShouldBe((0, true), result.Output + result.Error);
        result.ErrorLines.ShouldHaveSingleItem().ShouldContain("b.txt is left out");
        (await File.ReadAllTextAsync(page, Token)).ShouldContain("There are none.");
        Directory.CreateDirectory(Path.Combine(labelled, "fourth"));
        (await RefusedAsync("models", "report", "tiny", "1.0.0", "--from", labelled)).ShouldEndWith("is called like no label of tiny 1.0.0, which has first, second, third.");
    }

    /// <inheritdoc/>
    public void Dispose() => work.Dispose();

    // Nothing divided by nothing: of a picture without green or blue there is no answer.
    private static byte[] Undecided() => TinyModel.Model([TinyModel.Mean("x", "m", [2, 3], false), TinyModel.Node("Div", ["m", "m"], "y")], TinyModel.Float32, [1, 3, 8, 8], [1, 3]);

    private static PackageFolder Next() => PackageFolder.With(change: manifest => manifest with { Version = "2.0.0", Labels = Renamed, Thresholds = new Dictionary<string, double> { ["default"] = 0.1 } });

    private static async Task ZipAsync(string path, IEnumerable<(string Name, byte[] Bytes)> entries)
    {
        await using var archive = await ZipFile.OpenAsync(path, ZipArchiveMode.Create);
        foreach (var (name, bytes) in entries)
        {
            await using var entry = await archive.CreateEntry(name).OpenAsync();
            await entry.WriteAsync(bytes);
        }
    }

    // Without the setting that would activate a package again.
    private async Task<JsonElement[]> RunAsFoundAsync(int exitCode = 0)
    {
        var settings = new Dictionary<string, string>(work.Settings);
        settings.Remove("ASSAY_CLASSIFY__MODEL");
        await using var program = AssayProcess.Start("assay", settings, "run", work.Pictures, "--json", "--data", work.Data);
        var result = await program.ExitAsync(Workplace.Patience);
        result.ExitCode.ShouldBe(exitCode, result.Error);
        return Workplace.Parse(result.OutputLines);
    }

    private Task<string> ModelsAsync(params IEnumerable<string> arguments) => SucceedAsync(["models", .. arguments]);

    private async Task<string> SucceedAsync(params IEnumerable<string> arguments)
    {
        var result = await work.RunAsync(arguments);
        result.ExitCode.ShouldBe(0, result.Error);
        return result.Output;
    }

    private async Task<string> RefusedAsync(params IEnumerable<string> arguments)
    {
        var result = await work.RunAsync(arguments);
        result.ExitCode.ShouldBe(1, result.Error);
        return result.ErrorLines.ShouldHaveSingleItem();
    }

    private async Task<JsonElement[]> LabelsAsync(params IEnumerable<string> arguments) =>
        Workplace.Parse((await SucceedAsync(["labels", "--json", .. arguments])).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private async Task<JsonElement[]> ReviewAsync() => Workplace.Parse((await SucceedAsync("labels", "review", "--json")).Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private async Task<string?> LabelAsync(params IEnumerable<string> arguments) => (await LabelsAsync(arguments)).ShouldHaveSingleItem().GetProperty("label").GetString();

    private Task<ProcessResult> VerifyAsync() => work.RunAsync("verify", "--all", "--grace", "0");
}
