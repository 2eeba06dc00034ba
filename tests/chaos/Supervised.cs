using System.Collections.Concurrent;
using System.Globalization;
using Assay.Tests;
using Assay.Tests.Distributed;

namespace Assay.Chaos;

/// <summary>The three servers.</summary>
internal enum Server
{
    RabbitMq,
    Postgres,
    S3,
}

/// <summary>One service, which is started again whenever it has ended, with doors of its own to the three servers.</summary>
internal sealed class Supervised : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Deployment deployment;
    private readonly string logs;
    private readonly Task loop;
    private volatile ServiceProcess? current;
    private volatile bool ending;
    private readonly ConcurrentQueue<int> endedByItself = [];
    private int starts;

    public Supervised(Deployment deployment, string program, string logs, IReadOnlyDictionary<string, string>? settings = null)
    {
        this.deployment = deployment;
        this.logs = logs;
        Program = program;
        Settings = settings ?? new Dictionary<string, string>();
        Doors = new Dictionary<Server, Door>
        {
            [Server.RabbitMq] = new((deployment.Settings["ASSAY_BUS__HOST"], Number(deployment.Settings["ASSAY_BUS__PORT"]))),
            [Server.Postgres] = new((deployment.Settings["ASSAY_CATALOG__HOST"], Number(deployment.Settings["ASSAY_CATALOG__PORT"]))),
            [Server.S3] = new((Servers.S3().Endpoint.Host, Servers.S3().Endpoint.Port)),
        };
        loop = RunAsync();
    }

    /// <summary>E.g. <c>Assay.Ingest</c>.</summary>
    public string Program { get; }

    /// <summary>Its ways to the servers.</summary>
    public IReadOnlyDictionary<Server, Door> Doors { get; }

    /// <summary>The running process; null between two.</summary>
    public ServiceProcess? Current => current;

    /// <summary>The exit codes of processes that ended though nobody killed them or asked them to.</summary>
    public IReadOnlyCollection<int> EndedByItself => endedByItself;

    private IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>SIGKILL. Returns false where nothing was running.</summary>
    public bool Kill()
    {
        if (current is not { } process)
            return false;
        current = null;
        try
        {
            process.Kill();
            return true;
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
            return false;
        }
    }

    /// <summary>SIGTERM. Returns the exit code and how long it took; null where nothing was running.</summary>
    public async Task<(int Code, TimeSpan Took)?> TerminateAsync(TimeSpan patience)
    {
        if (current is not { } process)
            return null;
        current = null;
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var end = await process.StopAsync(patience);
        return (end.ExitCode, System.Diagnostics.Stopwatch.GetElapsedTime(started));
    }

    /// <summary>SIGTERM, and it is not started again.</summary>
    public async Task EndAsync()
    {
        ending = true;
        await TerminateAsync(TimeSpan.FromSeconds(30));
        await loop;
    }

    /// <summary>Waits until it runs.</summary>
    public Task<ServiceProcess> RunningAsync() => Eventually.GetAsync($"{Program} runs", () => Task.FromResult(current), TimeSpan.FromMinutes(3));

    public async ValueTask DisposeAsync()
    {
        ending = true;
        Kill();
        await loop;
        foreach (var door in Doors.Values)
            await door.DisposeAsync();
    }

    private async Task RunAsync()
    {
        while (!ending)
        {
            var number = Interlocked.Increment(ref starts);
            try
            {
                await using var process = await ServiceProcess.StartAsync(Program, deployment.Settings,
                [
                    ("ASSAY_BUS__PORT", $"{Doors[Server.RabbitMq].Port}"), ("ASSAY_CATALOG__PORT", $"{Doors[Server.Postgres].Port}"), ("ASSAY_CATALOG__SSLMODE", "Disable"),
                    ("ASSAY_OBJECTS__ENDPOINT", $"http://127.0.0.1:{Doors[Server.S3].Port}"), ("ORT_DISABLE_TELEMETRY", "1"), .. Settings.Select(setting => (setting.Key, setting.Value)),
                ]);
                current = process;
                if (ending)
                    Kill();
                var end = await process.ExitAsync(Timeout.InfiniteTimeSpan);
                // Who kills it or asks it to stop takes it away from here first.
                if (current == process && !ending)
                    endedByItself.Enqueue(end.ExitCode);
                current = null;
                await File.WriteAllTextAsync(Path.Combine(logs, $"{Program}-{number:000}.log"), process.ToString());
            }
            catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
            {
                // It ended, or hung, before it listened: a supervisor tries again.
                await File.WriteAllTextAsync(Path.Combine(logs, $"{Program}-{number:000}.log"), exception.ToString());
            }
            if (!ending)
                await Task.Delay(Pause);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
