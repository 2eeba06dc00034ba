using System.CommandLine;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Messaging;
using Assay.Steward;
using Microsoft.EntityFrameworkCore;
using RabbitMQ.Client.Exceptions;

namespace Assay.Embedded;

/// <summary><c>assay failures replay</c>: gives failed messages back to their queues, after a cure.</summary>
internal static class ReplayCommand
{
    private static readonly TimeSpan CanaryPatience = TimeSpan.FromMinutes(2), CanaryPause = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var group = new Option<string>("--group") { Description = "The group, as 'assay failures' writes it: STAGE/EXCEPTION/FORMAT.", HelpName = "GROUP", Required = true };
        var canary = new Option<int?>("--canary") { Description = "Only so many, the oldest first, and see what becomes of them.", HelpName = "N" };
        canary.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
                result.AddError("--canary must be at least 1.");
        });
        var command = new Command("replay", "Gives failed messages of a deployment back to their queues. What fails again keeps its history. Exit code 0: given back; 1: not all, none waits, or one of the canary failed again; 2: wrong usage or setting.") { group, canary };
        Installation.AddOptions(command);
        command.SetAction((parsed, cancellationToken) => Installation.UseAsync(
            parsed, [], place => RunAsync(place, parsed.GetRequiredValue(group), parsed.GetValue(canary), cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Installation place, string group, int? canary, CancellationToken cancellationToken)
    {
        if (place.Folder is not null)
        {
            Terminal.WriteError("In a data folder nothing waits to be replayed: the next 'assay run' of the same files tries again. For a deployment add --deployed.");
            return AssayCommand.WrongUsage;
        }
        var failures = await place.Catalog.OpenFailures.InGroup(group).Select(failure => failure.Id).Take(canary ?? int.MaxValue).ToListAsync(cancellationToken);
        if (failures.Count == 0)
        {
            Terminal.WriteError($"No failure of the group {group} waits: 'assay failures --deployed' lists those that do.");
            return AssayCommand.Unfinished;
        }
        var options = place.Services.GetRequiredService<BusOptions>();
        try
        {
            var replay = ActivatorUtilities.CreateInstance<Replay>(place.Services, new Broker(options));
            var given = await replay.GiveBackAsync(failures, Replay.Operator, cancellationToken);
            Console.WriteLine($"Given back: {given}.");
            if (given < failures.Count)
            {
                Terminal.WriteError($"{failures.Count - given} could not be given back: somebody else was faster, or their queue is not there or does not take them. 'assay setup' makes the queues of this version.");
                return AssayCommand.Unfinished;
            }
        }
        catch (Exception exception) when (exception is BrokerUnreachableException or RabbitMQClientException or TimeoutException)
        {
            Terminal.WriteError($"The broker {options.Host}:{options.Port} does not take them: {exception.GetBaseException().Message} What it took is not given back again; run the same command for the rest.");
            return AssayCommand.Unfinished;
        }
        return canary is null ? AssayCommand.Done : await WatchAsync(place.Catalog, failures, group, cancellationToken);
    }

    // A canary is there to be watched.
    private static async Task<int> WatchAsync(CatalogContext catalog, IReadOnlyList<Guid> failures, string group, CancellationToken cancellationToken)
    {
        var replayed = await catalog.Failures.AsNoTracking().Where(failure => failures.Contains(failure.Id))
            .Select(failure => new { failure.Series, failure.Attempt, failure.ImageId, failure.FailedAt }).ToListAsync(cancellationToken);
        using var patience = new CancellationTokenSource(CanaryPatience);
        while (true)
        {
            var (ended, again) = (0, 0);
            foreach (var message in replayed)
            {
                if (await catalog.Failures.AnyAsync(failure => failure.Series == message.Series && failure.Attempt > message.Attempt, cancellationToken))
                    again++;
                else if (message.ImageId is { } id && (
                    await catalog.Predictions.AnyAsync(fact => fact.ImageId == id && fact.Role == PredictionFact.Active && fact.PredictedAt >= message.FailedAt, cancellationToken)
                    || await catalog.Rejections.AnyAsync(fact => fact.ImageId == id && fact.RejectedAt >= message.FailedAt, cancellationToken)))
                    ended++;
            }
            if (ended + again == replayed.Count || patience.IsCancellationRequested)
            {
                Console.WriteLine($"Of {replayed.Count}: {ended} ended, {again} failed again, {replayed.Count - ended - again} not yet known.");
                var rest = await catalog.OpenFailures.InGroup(group).CountAsync(cancellationToken);
                if (again == 0 && rest > 0)
                    Console.WriteLine($"{rest} more {(rest == 1 ? "waits" : "wait")}: assay failures replay --deployed --group '{group}'");
                return ended == replayed.Count ? AssayCommand.Done : AssayCommand.Unfinished;
            }
            await Task.Delay(CanaryPause, cancellationToken);
        }
    }
}
