using Assay.Tests.Classify;
using Assay.Tests.Ingest;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>The same event reaches several workers at the same moment.</summary>
public sealed class RepeatedEventsTests
{
    private const int Images = 25, Times = 8;

    [Fact]
    public async Task Workers_that_get_the_same_image_at_once_leave_one_answer_and_a_sidecar_that_agrees_with_it()
    {
        await using var deployment = await Deployment.NewAsync();
        await deployment.SetupAsync();
        await Task.WhenAll(deployment.StartAllAsync(), deployment.StartAsync("Assay.Classify"), deployment.StartAsync("Assay.Enrich"));
        var names = Enumerable.Range(0, Images).Select(i => $"{i}.jpg").ToList();
        foreach (var (name, i) in names.Select((name, i) => (name, i)))
            await deployment.DropAsync(name, Picture.Detailed(600 + i, 400).Jpeg());
        foreach (var name in names)
        {
            for (var time = 0; time < Times; time++)
                await deployment.PublishEventAsync(NotificationText.Records(NotificationText.AmazonRecord(deployment.Landing, name)));
        }
        await deployment.AllEndAsync(Images);
        await Eventually.HoldsAsync("the queues are empty", async () => (await deployment.QueuesAsync()).Values.All(waiting => waiting == 0), details: deployment.Logs);

        await deployment.ShouldHaveClassifiedOnceAsync(Images);
        // Exit code 0: every sidecar says what the catalog says, times included.
        await deployment.CommandAsync([], "verify", "--deployed", "--all", "--grace", "0");
    }
}
