using Assay.Classify;
using MassTransit;

namespace Assay.Embedded.Run;

/// <summary>
/// What the shadow models are still to see. They get an image after its end has been announced, through a queue that is gone with the process: a run that did
/// not wait for them would leave its last images unseen.
/// </summary>
internal sealed class ShadowProgress : ISendObserver, IReceiveObserver
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly string ClassifyQueue = new ClassifyStage().Name;

    // Images that are being classified, each of which may still be sent to the shadow models, and those that have been.
    private int unseen;

    /// <summary>Returns when the shadow models have seen everything, or have failed at it.</summary>
    public async Task WaitForAllAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause);
        while (Volatile.Read(ref unseen) > 0)
            await timer.WaitForNextTickAsync(cancellationToken);
    }

    public Task PreSend<T>(SendContext<T> context) where T : class => AddAsync(1, IsOf(ClassifyStage.ShadowQueue, context.DestinationAddress));

    public Task PostSend<T>(SendContext<T> context) where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception) where T : class => AddAsync(-1, IsOf(ClassifyStage.ShadowQueue, context.DestinationAddress));

    public Task PreReceive(ReceiveContext context) => AddAsync(1, IsOf(ClassifyQueue, context.InputAddress));

    public Task PostReceive(ReceiveContext context) => ReceivedAsync(context);

    public Task ReceiveFault(ReceiveContext context, Exception exception) => ReceivedAsync(context);

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;

    // Only now: what a consumer sends goes out after it has returned.
    private Task ReceivedAsync(ReceiveContext context) => AddAsync(-1, IsOf(ClassifyQueue, context.InputAddress) || IsOf(ClassifyStage.ShadowQueue, context.InputAddress));

    private Task AddAsync(int change, bool applies)
    {
        if (applies)
            Interlocked.Add(ref unseen, change);
        return Task.CompletedTask;
    }

    private static bool IsOf(string queue, Uri? address) => address?.Segments[^1] == queue;
}
