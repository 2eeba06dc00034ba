using Assay.Contracts;
using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Embedded;

public sealed class KillingFileRunTests : IDisposable
{
    private const int Photos = 20;

    private readonly Workplace work = new();

    [Fact]
    public async Task A_file_that_kills_a_run_does_so_once_and_is_rejected_by_the_next_and_never_kills_one_again()
    {
        work.PutPhotos(Photos);
        work.Put("killer.png", KillingFilesTests.Killer());
        (await RunAsync()).ExitCode.ShouldBe(137);
        work.Count("COUNT(*) FROM image_status WHERE raw_name = 'killer.png' AND status = 'in flight'").ShouldBe(1);

        // What is rejected is looked at again by every run, because limits change.
        for (var deaths = 2; deaths <= 3; deaths++)
        {
            var result = await RunAsync();
            result.ExitCode.ShouldBe(0, result.Error);
            var images = Workplace.Parse(result.OutputLines);
            images.Length.ShouldBe(Photos + 1);
            var killer = images.Where(image => image.GetProperty("status").GetString() != "classified").ShouldHaveSingleItem();
            killer.GetProperty("name").GetString().ShouldBe("killer.png");
            killer.GetProperty("reason").GetString().ShouldBe(RejectionReason.CrashesWorker);
            work.Count("COUNT(*) FROM attempts WHERE stage = 'preprocess' AND ended = 'signal 9 (SIGKILL)'").ShouldBe(deaths);
        }

        var shown = await work.RunAsync("show", "killer.png");
        shown.Output.ShouldContain("tried alone, its process died: signal 9 (SIGKILL)");
    }

    /// <inheritdoc/>
    public void Dispose() => work.Dispose();

    private async Task<ProcessResult> RunAsync()
    {
        var settings = new Dictionary<string, string>(work.Settings)
        {
            ["ASSAY_PREPROCESS__MAXDECODEMEMORY"] = "1000",
            ["ASSAY_PREPROCESS__DECODETIMEOUT"] = "00:01:00",
        };
        await using var program = AssayProcess.Start("assay", settings, "run", work.Pictures, "--json", "--data", work.Data);
        await using var killer = new OutOfMemoryKiller(program.Id, KillingFilesTests.MostMebibytes);
        return await program.ExitAsync(Workplace.Patience);
    }
}
