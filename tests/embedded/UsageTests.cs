using System.Text.Json;
using Assay.Tests.Classify;
using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Embedded;

public sealed class UsageTests : IDisposable
{
    private readonly Workplace work = new();

    [Theory]
    [InlineData("A command is missing: run, show, status, failures, verify, models, labels, reproduce, train, setup. 'assay --help'")]
    [InlineData("There is no command 'polish', only run, show, status, failures, verify, models, labels, reproduce, train, setup. 'assay --help'", "polish", "pictures")]
    [InlineData("There is no command 'polish', only run, show, status, failures, verify, models, labels, reproduce, train, setup. 'assay --help'", "polish", "--help")]
    [InlineData("There is no option '--fast'. 'assay --help'", "--fast")]
    [InlineData("Option '--group' is required. 'assay failures replay --help'", "failures", "replay", "--deployed")]
    [InlineData("Required argument 'PATH' missing for command: 'run'. 'assay run --help'", "run")]
    [InlineData("There is no file or folder '/there/is/no/such/folder'. 'assay run --help'", "run", "/there/is/no/such/folder")]
    [InlineData("There is no file or folder ''. 'assay run --help'", "run", "")]
    [InlineData("There is no file or folder 'a\uFFFD[31mb\uFFFDc'. 'assay run --help'", "run", "a\u001B[31mb\u202Ec")]
    [InlineData("There is no option '--fast'. 'assay run --help'", "run", ".", "--fast")]
    [InlineData("There is no option '-x'. 'assay run --help'", "run", "-x", ".")]
    [InlineData("There is no option '--fast'. 'assay show --help'", "show", "--fast")]
    [InlineData("There is no option '--fast'. 'assay status --help'", "status", "--fast")]
    [InlineData("--data '' names no folder. 'assay status --help'", "status", "--data", "")]
    [InlineData("--deployed and --data name two places; only one can be looked at. 'assay show --help'", "show", "x", "--data", "here", "--deployed")]
    [InlineData("--all and --sample are two answers to one question. 'assay verify --help'", "verify", "--all", "--sample", "5")]
    [InlineData("--sample must be a whole number, 0 or more. 'assay verify --help'", "verify", "--sample", "-1")]
    [InlineData("--grace must be a whole number, 0 or more. 'assay verify --help'", "verify", "--grace", "long")]
    public async Task Wrong_usage_is_one_sentence(string sentence, params string[] arguments)
    {
        await using var program = AssayProcess.Start("assay", work.Settings, arguments);
        var result = await program.ExitAsync(Workplace.Patience);
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldHaveSingleItem().ShouldBe(sentence + " shows how it is used.");
        result.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("show", "x")]
    [InlineData("status")]
    [InlineData("verify")]
    public async Task Where_nothing_ever_ran_there_is_nothing_to_show(params string[] arguments)
    {
        var result = await work.RunAsync(arguments);
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldHaveSingleItem().ShouldContain("There is no catalog in");
        Directory.Exists(work.Data).ShouldBeFalse();
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_one_sentence()
    {
        await File.WriteAllTextAsync(work.Data, "", TestContext.Current.CancellationToken);
        var result = await work.RunAsync("run", work.Pictures);
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"--data {work.Data} is a file, not a folder.");
    }

    [Theory]
    [InlineData("ASSAY_CLASSIFY__MODEL", "/there/is/no/model")]
    [InlineData("ASSAY_BUS__CONCURRENCY", "-1")]
    [InlineData("ASSAY_INGEST__MAXUPLOADBYTES", "much")]
    [InlineData("ASSAY_CLASSIFY__THRESHOLD", "0.5")]
    [InlineData("ASSAY_CLASSIFI__MODEL", "models/mine")]
    public async Task A_wrong_setting_is_one_sentence_that_names_it(string name, string value)
    {
        var settings = new Dictionary<string, string>(work.Settings) { [name] = value };
        await using var program = AssayProcess.Start("assay", settings, "run", work.Pictures, "--data", work.Data);
        var result = await program.ExitAsync(Workplace.Patience);
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldHaveSingleItem().ShouldContain(name[..name.LastIndexOf('_')]);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("status")]
    public async Task A_damaged_catalog_is_named(string command)
    {
        Directory.CreateDirectory(work.Data);
        var catalog = Path.Combine(work.Data, "catalog.db");
        await File.WriteAllTextAsync(catalog, new string('x', 10_000), TestContext.Current.CancellationToken);
        var result = await work.RunAsync(command == "run" ? [command, work.Pictures] : [command]);
        result.ExitCode.ShouldBe(1);
        result.ErrorLines.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            line => line.ShouldStartWith($"The catalog {catalog} cannot be used: "),
            line => line.ShouldEndWith(" Restore it from a backup."));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("status")]
    public async Task Layers_that_have_lost_their_catalog_get_no_empty_one(string command)
    {
        work.Draw(1);
        await work.RunJsonAsync();
        var catalog = Path.Combine(work.Data, "catalog.db");
        File.Delete(catalog);
        var result = await work.RunAsync(command == "run" ? [command, work.Pictures] : [command]);
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldHaveSingleItem().ShouldBe($"--data {work.Data} has lost its catalog: the layers are there. Restore {catalog} from a backup, or name another folder.");
        File.Exists(catalog).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_where_a_layer_belongs_is_named()
    {
        work.Draw(1);
        Directory.CreateDirectory(work.Data);
        await File.WriteAllTextAsync(Path.Combine(work.Data, "gold"), "", TestContext.Current.CancellationToken);
        var result = await work.RunAsync("run", work.Pictures);
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldHaveSingleItem().ShouldBe($"{Path.Combine(work.Data, "gold")} is a file where Assay keeps a folder: move it away, or name another folder with --data.");
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_named()
    {
        Directory.CreateDirectory(work.Data);
        await using var program = work.StartWithoutRights("run", work.Pictures);
        var result = await program.ExitAsync(Workplace.Patience);
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"--data {work.Data} cannot be written: ");
    }

    [Fact]
    public async Task An_unknown_picture_is_said_to_be_unknown()
    {
        work.Draw(1);
        await work.RunJsonAsync();
        var result = await work.RunAsync("show", "never-seen.jpg");
        result.ExitCode.ShouldBe(1);
        result.ErrorLines.ShouldHaveSingleItem().ShouldBe($"There is no image 'never-seen.jpg' in {work.Data}.");
    }

    [Fact]
    public async Task Of_an_image_that_the_catalog_has_lost_what_it_still_knows_is_said()
    {
        work.Draw(1);
        File.Copy(work.PathOf("drawn-0.jpg"), work.PathOf("twin.jpg"));
        var (_, images) = await work.RunJsonAsync();
        var lost = images.Single(image => image.GetProperty("name").GetString() == "twin.jpg").GetProperty("id").GetString()!;
        work.Change("DELETE FROM images WHERE raw_name = 'twin.jpg'");

        var other = await work.RunAsync("show", "drawn-0.jpg");
        other.ExitCode.ShouldBe(0, other.Error);
        other.OutputLines.ShouldContain(line => line.Contains("(not in the catalog)") && line.Contains(lost));

        var show = await work.RunAsync("show", lost);
        show.ExitCode.ShouldBe(1);
        show.ErrorLines.ShouldHaveSingleItem().ShouldBe(
            $"{work.Data} has results of the image {lost}, but not the image: part of the catalog is lost. 'assay verify --data {work.Data}' says what to do.");
    }

    [Fact]
    public async Task Two_runs_at_once_on_one_data_folder_are_one_too_many()
    {
        await using var first = work.Start("run", work.Pictures, "--watch");
        await Eventually.HoldsAsync("the first run watches", () => first.Output.Contains("Watching", StringComparison.Ordinal), details: first.ToString);
        var second = await work.RunAsync("run", work.Pictures);
        second.ExitCode.ShouldBe(2);
        second.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"--data {work.Data} is in use by another run.");
        first.HasExited.ShouldBeFalse();
    }

    [Fact]
    public async Task Show_prints_every_stage_and_every_file_of_an_image()
    {
        var picture = work.Put("garden.jpg", Picture.Plain(800, 600, Picture.Green).Jpeg());
        var (_, images) = await work.RunJsonAsync();
        var id = images.Single().GetProperty("id").GetString()!;

        foreach (var wanted in new[] { id, "garden.jpg", picture, Path.GetRelativePath(Path.GetTempPath(), picture) })
        {
            var result = await work.RunAsync("show", wanted);
            result.ExitCode.ShouldBe(0, result.Error);
            result.Output.ShouldContain("garden.jpg");
            result.Output.ShouldContain(id);
            foreach (var stage in new[] { "ingest", "preprocess", "enrich", "classify" })
                result.OutputLines.ShouldContain(line => line.Contains($" {stage} "), stage);
            foreach (var layer in new[] { "bronze", "silver", "gold" })
                result.Output.ShouldContain(images.Single().GetProperty(layer).GetString()!);
            result.Output.ShouldContain("second with");
            result.Output.ShouldNotContain(" missing ");
        }
    }

    [Fact]
    public async Task What_failed_for_a_lost_object_stands_on_a_line_of_its_own_and_the_cure_is_named()
    {
        work.Draw(1);
        var (_, images) = await work.RunJsonAsync();
        File.Delete(images.Single().GetProperty("gold").GetString()!);
        work.Change("DELETE FROM predictions");
        (await work.RunAsync("run", work.Pictures)).ExitCode.ShouldBe(1);

        var failures = await work.RunAsync("failures");
        failures.ExitCode.ShouldBe(0, failures.Error);
        failures.OutputLines[0].ShouldStartWith("classify/ObjectMissingException/");
        failures.OutputLines[0].ShouldNotContain(" ");
        failures.OutputLines[^1].ShouldBe($"Objects are missing: 'assay verify --repair --data {work.Data}' makes again what can be made. Do that first.");
        (await work.RunAsync("status")).OutputLines.ShouldContain($"1 message has failed and waits: assay failures --data {work.Data}");

        (await work.RunAsync("verify", "--repair")).ExitCode.ShouldBe(0);
        (await work.RunAsync("run", work.Pictures)).ExitCode.ShouldBe(0);
        (await work.RunAsync("failures")).Output.ShouldBe("Nothing failed and waits.\n");
    }

    [Fact]
    public async Task Status_prints_a_ledger_that_balances()
    {
        work.Draw(3);
        work.Put("empty.png", []);
        await work.RunJsonAsync();
        var result = await work.RunAsync("status");

        result.ExitCode.ShouldBe(0, result.Error);
        var all = result.OutputLines.Single(line => line.Contains(" all "));
        all.Split('│', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ShouldBe(["all", "4", "3", "1", "0", "0"]);
        result.OutputLines.ShouldContain(line => line.Contains(" local "));
        result.OutputLines.ShouldContain(line => line.Contains(" local ") && line.Contains(" empty ") && line.EndsWith(" 1 │"));

        var json = await work.RunAsync("status", "--json");
        json.ExitCode.ShouldBe(0, json.Error);
        var day = Workplace.Parse(json.OutputLines).ShouldHaveSingleItem();
        day.EnumerateObject().Select(field => field.Name).ShouldBe(
            ["source", "day", "seen", "classified", "rejected", "reasons", "inFlight", "stages", "oldestInFlight", "difference"]);
        day.GetProperty("source").GetString().ShouldBe("local");
        day.GetProperty("seen").GetInt64().ShouldBe(4);
        day.GetProperty("reasons").GetRawText().ShouldBe("""{"empty":1}""");
        day.GetProperty("stages").GetRawText().ShouldBe("""{"preprocess":0,"enrich":0,"classify":0}""");
        day.GetProperty("oldestInFlight").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_ledger_that_does_not_balance_says_what_is_missing_and_status_ends_with_1()
    {
        work.Draw(3);
        work.Put("empty.png", []);
        await work.RunJsonAsync();
        work.Change("DELETE FROM images WHERE raw_name IN ('drawn-1.jpg', 'empty.png')");
        var result = await work.RunAsync("status");

        result.ExitCode.ShouldBe(1);
        result.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("The ledger does not balance: the catalog has results of 2 images that it has not taken in.");
        result.OutputLines.Single(line => line.Contains(" (unknown) ")).Split('│', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[2..]
            .ShouldBe(["0", "1", "1", "0", "-2"]);
    }

    [Fact]
    public async Task Status_says_what_images_in_flight_wait_for()
    {
        work.Draw(2);
        await work.RunJsonAsync();
        work.Change("DELETE FROM predictions; UPDATE images SET ingested_at = '2026-01-01 00:00:00'");
        var result = await work.RunAsync("status");
        result.ExitCode.ShouldBe(0, result.Error);
        result.OutputLines.Single(line => line.Contains("2026-01-01 00:00:00")).Split('│', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[..5]
            .ShouldBe(["local", "2026-01-01", "0", "0", "2"]);
        result.OutputLines[^1].ShouldBe("2 images are in flight: unless a run is at work, 'assay run' of the same paths goes on from there.");
    }

    /// <inheritdoc/>
    public void Dispose() => work.Dispose();
}
