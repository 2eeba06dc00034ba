using Assay.Platform.Catalog;

namespace Assay.Steward;

/// <summary>
/// Looks after everything at intervals, in one steward at a time: whose <see cref="Turn"/> it is works, the others stand by and take over when it has ended.
/// A steward that cannot do all of its work, for whatever reason, gives the turn away and leaves the others time to take it.
/// </summary>
internal sealed partial class Rounds(IServiceScopeFactory scopes, CatalogOptions catalog, TimeProvider clock, StewardOptions options, ILogger<Rounds> log) : BackgroundService
{
    // The others ask once in each interval.
    private const int IntervalsAfterFailure = 3;

    private bool? isActive;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var pause = options.Interval;
            try
            {
                if (!await TakeTurnAsync(stoppingToken))
                    pause *= IntervalsAfterFailure;
            }
#pragma warning disable CA1031 // Whatever it runs into (the catalog away, most often), the next turn must still come.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(exception);
            }
            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    // Rounds, until one fails. Returns false then, and true if it is another steward's turn.
    private async Task<bool> TakeTurnAsync(CancellationToken stoppingToken)
    {
        await using var turn = await Turn.TakeAsync(catalog, clock, stoppingToken);
        SayWhether(turn is not null);
        if (turn is null)
            return true;
        while (await RunRoundAsync(stoppingToken))
        {
            await Task.Delay(options.Interval, clock, stoppingToken);
            await turn.RequireAsync();
        }
        return false;
    }

    // One job that fails keeps none of the others from theirs.
    private async Task<bool> RunRoundAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var dead = await TryAsync(services.GetRequiredService<DeadLetters>().TakeAsync, stoppingToken);
        var given = await TryAsync(services.GetRequiredService<Redelivery>().RunAsync, stoppingToken);
        var overdue = await TryAsync(services.GetRequiredService<Reconciler>().RunAsync, stoppingToken);
        if (dead + given + overdue > 0)
            LogRound(dead ?? 0, given ?? 0, overdue ?? 0);
        return dead is not null && given is not null && overdue is not null;
    }

    private async Task<int?> TryAsync(Func<CancellationToken, Task<int>> job, CancellationToken stoppingToken)
    {
        try
        {
            return await job(stoppingToken);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogFailed(exception);
            return null;
        }
    }

    private void SayWhether(bool active)
    {
        if (isActive == active)
            return;
        isActive = active;
        if (active)
            LogActive();
        else
            LogStandby();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This steward is at work")]
    private partial void LogActive();

    [LoggerMessage(Level = LogLevel.Information, Message = "Another steward is at work; this one stands by")]
    private partial void LogStandby();

    [LoggerMessage(Level = LogLevel.Information, Message = "{DeadLetters} dead letters taken in, {GivenBack} failed messages given back, {Overdue} overdue images handled")]
    private partial void LogRound(int deadLetters, int givenBack, int overdue);

    [LoggerMessage(Level = LogLevel.Error, Message = "A part of a round failed; it is tried again, here or by another steward")]
    private partial void LogFailed(Exception exception);
}
