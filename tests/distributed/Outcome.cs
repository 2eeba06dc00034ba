using Shouldly;

namespace Assay.Tests.Distributed;

/// <summary>What must be true when everything has come to its end.</summary>
internal static class Outcome
{
    /// <summary>Waits until so many images have ended.</summary>
    public static Task AllEndAsync(this Deployment deployment, int images) => Eventually.HoldsAsync(
        $"{images} images have ended",
        async () => await deployment.CountAsync("COUNT(*) FROM image_status WHERE status <> 'in flight'") >= images,
        TimeSpan.FromMinutes(4),
        deployment.Logs);

    /// <summary>Each image was taken in once, has one prediction, and no message is left anywhere.</summary>
    public static async Task ShouldHaveClassifiedOnceAsync(this Deployment deployment, int images)
    {
        (await deployment.CountAsync("COUNT(*) FROM image_status WHERE status = 'classified'")).ShouldBe(images, deployment.Logs());
        (await deployment.CountAsync("COUNT(*) FROM images")).ShouldBe(images);
        (await deployment.CountAsync("COUNT(DISTINCT raw_path) FROM images")).ShouldBe(images);
        (await deployment.CountAsync("COUNT(*) FROM cleansed")).ShouldBe(images);
        (await deployment.CountAsync("COUNT(*) FROM enrichments")).ShouldBe(images);
        (await deployment.CountAsync("COUNT(*) FROM predictions WHERE role = 'active'")).ShouldBe(images);
        (await deployment.CountAsync("COUNT(DISTINCT image_id) FROM predictions")).ShouldBe(images);
        (await deployment.CountAsync("COUNT(*) FROM rejections")).ShouldBe(0);
        (await deployment.CountAsync("SUM(seen) FROM ledger")).ShouldBe(images);
        (await deployment.CountAsync("SUM(classified) FROM ledger")).ShouldBe(images);
        (await deployment.CountAsync("SUM(in_flight) FROM ledger")).ShouldBe(0);
        // Those of what went wrong, too.
        await Eventually.HoldsAsync("all queues are empty", async () => (await deployment.QueuesAsync()).Values.All(messages => messages == 0), details: deployment.Logs);
    }

    /// <summary>Every object is there with the bytes that the catalog says, no other is, and every sidecar says what the catalog says.</summary>
    public static async Task ShouldAgreeAsync(this Deployment deployment)
    {
        await using var verify = AssayProcess.Start("assay", deployment.Settings, "verify", "--deployed", "--all", "--grace", "0");
        (await verify.ExitAsync(TimeSpan.FromMinutes(5))).ExitCode.ShouldBe(0, verify.ToString());
    }
}
