using System.Collections.Concurrent;
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

    // Of both queues. How a message fails may be said twice.
    private readonly ConcurrentDictionary<ReceiveContext, bool> inHand = [];

    // Images that are being classified, each of which may yet be sent to the shadow models, and those that have been.
    private int unseen;

    /// <summary>How many images the shadow models may still have to see.</summary>
    public int Unseen => Volatile.Read(ref unseen);

    /// <summary>Returns when the shadow models have seen, or failed at, all but so many.</summary>
    public async Task WaitAsync(int most, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause);
        while (Unseen > most)
            await timer.WaitForNextTickAsync(cancellationToken);
    }

    public Task PreSend<T>(SendContext<T> context) where T : class => AddAsync(IsOf(ClassifyStage.ShadowQueue, context.DestinationAddress) ? 1 : 0);

    public Task PostSend<T>(SendContext<T> context) where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception) where T : class => AddAsync(IsOf(ClassifyStage.ShadowQueue, context.DestinationAddress) ? -1 : 0);

    public Task PreReceive(ReceiveContext context)
    {
        var isToClassify = IsOf(ClassifyQueue, context.InputAddress);
        if (isToClassify || IsOf(ClassifyStage.ShadowQueue, context.InputAddress))
            inHand[context] = true;
        return AddAsync(isToClassify ? 1 : 0);
    }

    // Only now: what a consumer sends goes out after it has returned.
    public Task PostReceive(ReceiveContext context) => AddAsync(inHand.TryRemove(context, out _) ? -1 : 0);

    public Task ReceiveFault(ReceiveContext context, Exception exception) => PostReceive(context);

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;

    private Task AddAsync(int change)
    {
        Interlocked.Add(ref unseen, change);
        return Task.CompletedTask;
    }

    private static bool IsOf(string queue, Uri? address) => address?.Segments[^1] == queue;
}
