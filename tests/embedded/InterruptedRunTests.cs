using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Embedded;

public sealed class InterruptedRunTests : IDisposable
{
    private const int Photos = 120;

    private readonly Workplace work = new();

    [Fact]
    public async Task Ctrl_C_ends_a_run_cleanly_and_the_next_one_goes_on_from_there()
    {
        work.PutPhotos(Photos);
        await using (var program = await StartAndWaitForSomeAsync())
        {
            program.Interrupt();
            var stopped = await program.ExitAsync(TimeSpan.FromSeconds(30));
            stopped.ExitCode.ShouldBe(1, program.ToString());
            stopped.Error.ShouldContain("The same command goes on from here.");
            stopped.OutputLines.Length.ShouldBeLessThan(Photos);
            // Whole lines to the end, and exactly what is recorded is reported.
            var ended = work.Count("COUNT(*) FROM image_status WHERE status <> 'in flight'");
            Workplace.Parse(stopped.OutputLines).Length.ShouldBe((int)ended);
            stopped.Error.ShouldContain($"{ended} of {work.Count("COUNT(*) FROM images")} images have ended: {work.Count("COUNT(*) FROM images")} taken in, 0 known already.");
            stopped.Error.ShouldContain($"Stopped: {work.Count("COUNT(*) FROM image_status WHERE status = 'in flight'")} under way.");
        }
        await ShouldEndWithEverythingOnceAsync();
    }

    [Fact]
    public async Task Ctrl_C_while_known_images_are_done_again_leaves_the_rest_to_the_next_run()
    {
        work.PutPhotos(Photos);
        (await work.RunJsonAsync()).Result.ExitCode.ShouldBe(0);
        var settings = new Dictionary<string, string>(work.Settings) { ["ASSAY_PREPROCESS__MAXSIDE"] = "100" };
        string[] command = ["run", work.Pictures, "--json", "--data", work.Data];
        await using (var program = AssayProcess.Start("assay", settings, command))
        {
            await Eventually.HoldsAsync("some images are done", () => program.Output.Split('\n').Length > 5, details: program.ToString);
            program.Interrupt();
            var stopped = await program.ExitAsync(TimeSpan.FromSeconds(30));
            stopped.ExitCode.ShouldBe(1, program.ToString());
            var images = Workplace.Parse(stopped.OutputLines);
            images.ShouldAllBe(image => image.GetProperty("run").GetString() == "again" && image.GetProperty("silverWidth").GetInt32() <= 100);
            images.Length.ShouldBe((int)work.Count("COUNT(*) FROM predictions") - Photos);
            var left = System.Text.RegularExpressions.Regex.Match(stopped.Error, "0 taken in, (\\d+) known already, (\\d+) done again .*\nStopped: (\\d+) under way");
            left.Success.ShouldBeTrue(stopped.Error);
            left.Groups[2].Value.ShouldBe($"{images.Length}");
            left.Groups[3].Value.ShouldBe(left.Groups[1].Value);
            stopped.ErrorLines.Length.ShouldBe(2, stopped.Error);
        }
        await using var second = AssayProcess.Start("assay", settings, command);
        (await second.ExitAsync(Workplace.Patience)).ExitCode.ShouldBe(0);
        work.Count("COUNT(*) FROM predictions").ShouldBe(2 * Photos);
    }

    [Fact]
    public async Task A_run_that_was_killed_is_finished_by_the_next_one()
    {
        work.PutPhotos(Photos);
        await using (var program = await StartAndWaitForSomeAsync())
        {
            program.Kill();
            (await program.ExitAsync(TimeSpan.FromSeconds(10))).ExitCode.ShouldBe(137);
        }
        work.Count("COUNT(*) FROM predictions").ShouldBeLessThan(Photos);
        await ShouldEndWithEverythingOnceAsync();
    }

    [Fact]
    public async Task A_run_killed_again_and_again_loses_nothing_and_does_nothing_twice()
    {
        work.PutPhotos(Photos);
        for (var round = 0; round < 4; round++)
        {
            await using var program = await StartAndWaitForSomeAsync();
            program.Kill();
            await program.ExitAsync(TimeSpan.FromSeconds(10));
        }
        await ShouldEndWithEverythingOnceAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => work.Dispose();

    private async Task<AssayProcess> StartAndWaitForSomeAsync()
    {
        var program = work.Start("run", work.Pictures, "--json");
        await Eventually.HoldsAsync("some images are done", () => program.Output.Split('\n').Length > 5, details: program.ToString);
        return program;
    }

    private async Task ShouldEndWithEverythingOnceAsync()
    {
        var (result, images) = await work.RunJsonAsync();
        result.ExitCode.ShouldBe(0, result.Error);
        images.Length.ShouldBe(Photos);
        images.Select(image => image.GetProperty("id").GetString()).Distinct().Count().ShouldBe(Photos);
        images.ShouldAllBe(image => image.GetProperty("status").GetString() == "classified");

        work.Count("COUNT(*) FROM images").ShouldBe(Photos);
        work.Count("COUNT(*) FROM predictions").ShouldBe(Photos);
        work.Count("COUNT(DISTINCT image_id) FROM predictions").ShouldBe(Photos);
        work.Count("SUM(seen) FROM ledger").ShouldBe(Photos);
        work.Count("SUM(classified + rejected) FROM ledger").ShouldBe(Photos);
        FilesOf("bronze").ShouldBe(Photos);
        FilesOf("silver").ShouldBe(Photos);
        FilesOf("gold").ShouldBe(2 * Photos);
    }

    private int FilesOf(string layer) => Directory.GetFiles(Path.Combine(work.Data, layer), "*", SearchOption.AllDirectories).Length;
}
