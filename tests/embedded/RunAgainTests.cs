using System.Text.Json;
using Assay.Tests.Classify;
using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Embedded;

public sealed class RunAgainTests : IDisposable
{
    private readonly Workplace work = new();

    [Fact]
    public async Task Another_recipe_makes_new_results_beside_the_old_ones()
    {
        work.Draw(3);
        work.Put("empty.jpg", []);
        await work.RunJsonAsync();
        var (result, images) = await RunAsync("ASSAY_PREPROCESS__MAXSIDE", "64");

        result.Error.ShouldContain("4 images: 0 taken in, 1 known already, 3 done again because a setting or the model has changed.");
        images.Count(image => image.GetProperty("run").GetString() == "again").ShouldBe(3);
        images.Where(image => image.GetProperty("status").GetString() == "classified").ShouldAllBe(image => image.GetProperty("silverWidth").GetInt32() == 64);
        work.Count("COUNT(*) FROM images").ShouldBe(4);
        foreach (var table in new[] { "cleansed", "enrichments", "predictions" })
            work.Count($"COUNT(*) FROM {table}").ShouldBe(6, table);
        Directory.GetFiles(Path.Combine(work.Data, "silver"), "*", SearchOption.AllDirectories).Length.ShouldBe(6);

        (result, _) = await RunAsync("ASSAY_PREPROCESS__MAXSIDE", "64");
        result.Error.ShouldContain("4 images: 0 taken in, 4 known already.");
        work.Count("COUNT(*) FROM predictions").ShouldBe(6);
    }

    [Fact]
    public async Task Another_model_answers_about_the_images_that_are_known()
    {
        work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        await work.RunJsonAsync();
        using var other = PackageFolder.With(change: manifest => manifest with { Version = "2.0.0", Labels = ["warm", "fresh", "cold"], Thresholds = new Dictionary<string, double> { ["default"] = 0.5 } });
        var (result, images) = await RunAsync("ASSAY_CLASSIFY__MODEL", other.Path);

        result.Error.ShouldContain("1 done again");
        var image = images.ShouldHaveSingleItem();
        image.GetProperty("label").GetString().ShouldBe("warm");
        image.GetProperty("model").GetString().ShouldBe("tiny 2.0.0");
        work.Count("COUNT(*) FROM predictions").ShouldBe(2);
        work.Count("COUNT(*) FROM cleansed").ShouldBe(1);
        Label(image).ShouldBe("warm");
    }

    [Fact]
    public async Task Another_enricher_looks_again_and_the_sidecar_keeps_the_label()
    {
        work.Put("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        await work.RunJsonAsync();
        var (result, images) = await RunAsync("ASSAY_ENRICH__KEEPGPS", "true");

        result.Error.ShouldContain("1 done again");
        work.Count("COUNT(*) FROM enrichments").ShouldBe(2);
        work.Count("COUNT(*) FROM predictions").ShouldBe(1);
        Label(images.ShouldHaveSingleItem()).ShouldBe("first");
    }

    [Fact]
    public async Task A_limit_that_was_raised_lets_a_rejected_image_through()
    {
        work.Draw(1);
        var (_, images) = await RunAsync("ASSAY_PREPROCESS__MAXPIXELS", "1000");
        images.ShouldHaveSingleItem().GetProperty("reason").GetString().ShouldBe("too-many-pixels");
        (var result, images) = await work.RunJsonAsync();
        result.Error.ShouldContain("1 done again");
        images.ShouldHaveSingleItem().GetProperty("status").GetString().ShouldBe("classified");
    }

    [Fact]
    public async Task A_rejected_image_that_another_limit_refuses_now_stays_as_it_was_and_leaves_nothing_unknown_behind()
    {
        work.Draw(1);
        await RunAsync("ASSAY_PREPROCESS__MAXBYTES", "100");
        var (_, images) = await RunAsync("ASSAY_PREPROCESS__MAXPIXELS", "4");
        images.ShouldHaveSingleItem().GetProperty("reason").GetString().ShouldBe("too-many-bytes");
        var verified = await work.RunAsync("verify", "--all", "--grace", "0");
        verified.ExitCode.ShouldBe(0, verified.Output);
    }

    /// <inheritdoc/>
    public void Dispose() => work.Dispose();

    private async Task<(ProcessResult Result, JsonElement[] Images)> RunAsync(string setting, string value)
    {
        var settings = new Dictionary<string, string>(work.Settings) { [setting] = value };
        await using var program = AssayProcess.Start("assay", settings, "run", work.Pictures, "--json", "--data", work.Data);
        var result = await program.ExitAsync(Workplace.Patience);
        result.ExitCode.ShouldBe(0, result.Error);
        return (result, Workplace.Parse(result.OutputLines));
    }

    private static string? Label(JsonElement image)
    {
        using var sidecar = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(image.GetProperty("gold").GetString()!, ".json")));
        return sidecar.RootElement.GetProperty("classifications").EnumerateArray().Single().GetProperty("label").GetString();
    }
}
