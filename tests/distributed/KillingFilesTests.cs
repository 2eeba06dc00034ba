using Assay.Contracts;
using Assay.Tests.Preprocess;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>Files that kill the worker, and workers that are killed for other reasons.</summary>
public sealed class KillingFilesTests
{
    /// <summary>What a worker may have here; it takes half of it for ordinary photographs.</summary>
    internal const int MostMebibytes = 400;

    private const int Photos = 30;

    [Fact]
    public async Task A_file_that_kills_the_worker_does_so_once_and_is_rejected_and_its_neighbours_are_classified()
    {
        await using var deployment = await DeploymentAsync();
        await deployment.DropAsync("killer.png", Killer());
        await DropPhotosAsync(deployment);
        // That a person has allowed more than there is: otherwise the file's header is enough to refuse it.
        await using var preprocess = await SupervisedService.StartAsync(deployment, "Assay.Preprocess", MostMebibytes, ("ASSAY_PREPROCESS__MAXDECODEMEMORY", "1000"));
        await Task.WhenAll(deployment.StartAsync("Assay.Ingest"), deployment.StartAsync("Assay.Enrich"), deployment.StartAsync("Assay.Classify"));
        await deployment.AllEndAsync(Photos + 1);

        (await deployment.CountAsync("COUNT(*) FROM image_status WHERE status = 'classified'")).ShouldBe(Photos, deployment.Logs());
        var rejected = (await deployment.QueryAsync("SELECT raw_name, stage, reason, detail FROM image_status WHERE status = 'rejected'")).ShouldHaveSingleItem();
        rejected[..3].ShouldBe(["killer.png", "preprocess", RejectionReason.CrashesWorker]);
        rejected[3].ShouldBeOfType<string>().ShouldContain("signal 9 (SIGKILL)");
        var attempts = await deployment.QueryAsync("SELECT i.raw_name, a.stage, a.number, a.ended FROM attempts a JOIN images i ON i.id = a.image_id ORDER BY a.number");
        attempts.ShouldBe(
            [["killer.png", "preprocess", 1, "signal 9 (SIGKILL)"], ["killer.png", "preprocess", 2, "signal 9 (SIGKILL)"]], new RowComparer(), customMessage: deployment.Logs());
        preprocess.Deaths.ShouldBe(1, deployment.Logs());
        await Eventually.HoldsAsync("all queues are empty", async () => (await deployment.QueuesAsync()).Values.All(messages => messages == 0), details: deployment.Logs);
    }

    [Theory]
    [InlineData("Assay.Preprocess", "cleansed")]
    [InlineData("Assay.Enrich", "enrichments")]
    public async Task A_worker_that_is_killed_again_and_again_with_the_same_images_rejects_none_of_them_and_leaves_no_process_behind(string program, string facts)
    {
        await using var deployment = await DeploymentAsync();
        await DropPhotosAsync(deployment);
        await deployment.StartAsync("Assay.Ingest");
        await Eventually.HoldsAsync("all are taken in", async () => await deployment.CountAsync("COUNT(*) FROM images") == Photos, details: deployment.Logs);
        var others = new List<string> { "Assay.Preprocess", "Assay.Enrich", "Assay.Classify" }.Where(other => other != program);
        await Task.WhenAll(others.Select(other => deployment.StartAsync(other)));
        var first = await deployment.StartAsync(program);
        await Eventually.HoldsAsync("some are done", async () => await deployment.CountAsync($"COUNT(*) FROM {facts}") > 2, details: deployment.Logs);
        await first.KillAsync();
        for (var round = 0; round < 6; round++)
        {
            var worker = await deployment.StartAsync(program);
            IReadOnlyList<int> children = [];
            await Eventually.HoldsAsync("an image that came back is tried alone", () => (children = ProcessTree.ChildrenOf(worker.Id)).Count > 0, details: deployment.Logs);
            await worker.KillAsync();
            await Eventually.HoldsAsync("that process has ended, too", () => !children.Any(ProcessTree.Runs));
        }
        await deployment.StartAsync(program);
        await deployment.AllEndAsync(Photos);
        await deployment.ShouldHaveClassifiedOnceAsync(Photos);
        (await deployment.CountAsync("COUNT(*) FROM attempts")).ShouldBe(0);
    }

    /// <summary>A small file whose pixels take 430 MB and are held whole.</summary>
    internal static byte[] Killer()
    {
        using var plain = Drawn.Plain(1, 1, 10, 200, 90);
        using var large = plain.Replicate(12_000, 12_000);
        return large.As("interlaced png");
    }

    private static async Task<Deployment> DeploymentAsync()
    {
        var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "*/2 * * * * *";
        deployment.Settings["ASSAY_PREPROCESS__DECODETIMEOUT"] = "00:01:00";
        await deployment.SetupAsync();
        return deployment;
    }

    private static async Task DropPhotosAsync(Deployment deployment)
    {
        foreach (var photo in Directory.EnumerateFiles(SharedFolder.Require("images", "photos"), "*.jpg").Order(StringComparer.Ordinal).Take(Photos))
            await deployment.DropAsync(Path.GetFileName(photo), await File.ReadAllBytesAsync(photo, TestContext.Current.CancellationToken));
    }

    private sealed class RowComparer : IEqualityComparer<object?[]>
    {
        public bool Equals(object?[]? one, object?[]? other) => one!.SequenceEqual(other!);

        public int GetHashCode(object?[] row) => row.Length;
    }
}
