using Assay.Platform.Catalog;
using Microsoft.EntityFrameworkCore;

namespace Assay.Steward;

/// <summary>
/// Looks after everything at intervals, in one steward at a time: who has the advisory lock is at work, the others stand by and take over when
/// its session has ended, in whatever way.
/// </summary>
internal sealed partial class Rounds(IServiceScopeFactory scopes, TimeProvider clock, StewardOptions options, ILogger<Rounds> log) : BackgroundService
{
    // "assay" in ASCII. A lock has a number, and the same database may have other locks.
    private const long Lock = 0x61_73_73_61_79;

    private bool? isActive;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await RunAsync(scope.ServiceProvider, stoppingToken);
            }
#pragma warning disable CA1031 // Whatever a round runs into (a server away, most often), the next one must still come.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(exception);
            }
            await Task.Delay(options.Interval, clock, stoppingToken);
        }
    }

    // Until it is no longer this steward's turn, with one connection: the lock is the session's, and ends with it.
    private async Task RunAsync(IServiceProvider services, CancellationToken stoppingToken)
    {
        var catalog = services.GetRequiredService<CatalogContext>();
        await catalog.Database.OpenConnectionAsync(stoppingToken);
        // Asked before each round: should the connection have been made again in between, the lock has to be got again, too.
        while (await catalog.Database.SqlQuery<bool>($"SELECT pg_try_advisory_lock({Lock}) AS \"Value\"").SingleAsync(stoppingToken))
        {
            SayWhether(active: true);
            var dead = await services.GetRequiredService<DeadLetters>().TakeAsync(stoppingToken);
            var given = await services.GetRequiredService<Redelivery>().RunAsync(stoppingToken);
            var overdue = await services.GetRequiredService<Reconciler>().RunAsync(stoppingToken);
            if (dead + given + overdue > 0)
                LogRound(dead, given, overdue);
            await Task.Delay(options.Interval, clock, stoppingToken);
        }
        SayWhether(active: false);
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

    [LoggerMessage(Level = LogLevel.Error, Message = "A round failed; the next one comes as usual")]
    private partial void LogFailed(Exception exception);
}
