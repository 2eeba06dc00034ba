using System.Globalization;
using Assay.Tests.Distributed;
using Npgsql;

namespace Assay.Chaos;

/// <summary>A deployment with its services under supervision and a journal beside it.</summary>
internal sealed class TestSystem : IAsyncDisposable
{
    private static readonly string[] Programs = ["Assay.Ingest", "Assay.Preprocess", "Assay.Enrich", "Assay.Classify", "Assay.Steward"];

    // Where messages wait that came back too often, until the steward takes them.
    private static readonly string[] Failures = ["dead-letter"];

    // The broker counts messages every five seconds, in each queue at another time: one that went on may be in neither.
    private static readonly TimeSpan Statistics = TimeSpan.FromSeconds(6);

    // As in a deployment, but sooner: a run takes minutes and not hours.
    private static readonly Dictionary<string, string> Impatient = new()
    {
        ["ASSAY_STEWARD__INTERVAL"] = "00:00:02",
        ["ASSAY_STEWARD__OVERDUE"] = "00:00:30",
        ["ASSAY_STEWARD__FIRSTPAUSE"] = "00:00:05",
    };

    private readonly List<Supervised> services = [];
    private bool disposed;

    private TestSystem(Deployment deployment, DirectoryInfo folder)
    {
        (Deployment, Folder) = (deployment, folder);
        Journal = new Journal(Path.Combine(folder.FullName, "journal.jsonl"));
    }

    public Deployment Deployment { get; }

    /// <summary>The journal and the logs of every process; kept when something was wrong.</summary>
    public DirectoryInfo Folder { get; }

    public Journal Journal { get; }

    /// <summary>The services.</summary>
    public IReadOnlyList<Supervised> Services => services;

    public Supervised this[string program] => services.Single(service => service.Program == program);

    /// <summary>Prepares a deployment and starts every service.</summary>
    /// <param name="name">Of the folder with journal and logs.</param>
    /// <param name="scan">When the landing bucket is listed; empty for never.</param>
    /// <param name="sources">Settings of a second source in the landing bucket.</param>
    public static async Task<TestSystem> StartAsync(string name, string scan = "*/5 * * * * *", IReadOnlyDictionary<string, string>? sources = null)
    {
        var deployment = await Deployment.NewAsync();
        // The package that comes with Assay.
        deployment.Settings.Remove("ASSAY_CLASSIFY__MODEL");
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = scan;
        foreach (var (setting, value) in sources ?? new Dictionary<string, string>())
            deployment.Settings[setting] = value;
        if (sources is not null)
            deployment.Settings["ASSAY_INGEST__SOURCES__1__BUCKET"] = deployment.Landing;
        await deployment.SetupAsync();
        var system = new TestSystem(deployment, Directory.CreateTempSubdirectory($"assay-chaos-{name}-"));
        foreach (var program in Programs)
            system.services.Add(new Supervised(deployment, program, system.Folder.FullName, Impatient));
        await Task.WhenAll(system.services.Select(service => service.RunningAsync()));
        return system;
    }

    /// <summary>Breaks or mends the way of every service to a server.</summary>
    public void Break(Server server, Fault fault)
    {
        Journal.Write(Journal.Fault, $"{fault} {server}");
        foreach (var service in services)
            service.Doors[server].Break(fault);
    }

    /// <summary>Kills a service, if it runs.</summary>
    public bool Kill(Supervised service)
    {
        Journal.Write(Journal.Fault, $"kill {service.Program}");
        return service.Kill();
    }

    /// <summary>How many images have come to an end.</summary>
    public async Task<long?> EndedAsync()
    {
        try
        {
            return await Deployment.CountAsync("COUNT(*) FROM (SELECT image_id FROM predictions UNION SELECT image_id FROM rejections) AS ended");
        }
        catch (NpgsqlException)
        {
            // It is away, or a pooled connection is from before it was.
            return null;
        }
    }

    /// <summary>How many messages wait in all queues but those of failures, and in those; null where the broker does not say.</summary>
    public async Task<(int Work, int Failed)?> MessagesAsync()
    {
        try
        {
            var queues = await Deployment.QueuesAsync();
            var failed = queues.Where(queue => Failures.Any(queue.Key.EndsWith)).Sum(queue => queue.Value);
            return queues.Values.Any(messages => messages < 0) ? null : (queues.Values.Sum() - failed, failed);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>
    /// Waits until as many images have ended as have landed and no message waits any more, or until nothing has moved for so long.
    /// Returns how long it was until then, or until the last movement.
    /// </summary>
    public async Task<TimeSpan> SettleAsync(TimeSpan patience)
    {
        var landed = await Deployment.Objects.ListAsync(Deployment.Landing, "", CancellationToken.None).CountAsync();
        var started = DateTime.UtcNow;
        var (moved, last) = (started, "");
        DateTime? quiet = null;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (await timer.WaitForNextTickAsync())
        {
            var (ended, messages) = (await EndedAsync(), await MessagesAsync());
            var now = string.Create(CultureInfo.InvariantCulture, $"{ended} {messages}");
            if (now != last)
                (moved, last) = (DateTime.UtcNow, now);
            quiet = ended >= landed && messages is { Work: 0 } ? quiet ?? DateTime.UtcNow : null;
            if (quiet is { } since && DateTime.UtcNow - since > Statistics)
                return since - started;
            if (DateTime.UtcNow - moved > patience)
                return moved - started;
        }
        return default;
    }

    /// <summary>Ends everything; a second time does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        foreach (var service in services)
            await service.DisposeAsync();
        Journal.Dispose();
        await Deployment.DisposeAsync();
    }
}
