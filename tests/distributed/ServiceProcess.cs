using System.Diagnostics;
using System.Net;

namespace Assay.Tests.Distributed;

/// <summary>A service as a process of its own, on a port that the kernel chose.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private readonly AssayProcess process;

    private ServiceProcess(string program, AssayProcess process, Uri address)
    {
        (this.process, Program) = (process, program);
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>What was started, e.g. <c>Assay.Ingest</c>.</summary>
    public string Program { get; }

    /// <summary>A client of its HTTP endpoints.</summary>
    public HttpClient Http { get; }

    /// <summary>The program of a stage: <c>Assay.Ingest</c> of <c>ingest</c>.</summary>
    public static string ProgramOf(string stage) => $"Assay.{char.ToUpperInvariant(stage[0])}{stage[1..]}";

    /// <summary>Whether all answer <c>/health/ready</c> with this. One that has ended answers nothing: this throws.</summary>
    public static async Task<bool> AllAreAsync(IEnumerable<ServiceProcess> services, HttpStatusCode status) =>
        (await Task.WhenAll(services.Select(service => service.ReadyAsync()))).All(answer => answer.Status == status);

    /// <summary>Starts it, and waits until it says where it listens.</summary>
    public static async Task<ServiceProcess> StartAsync(string program, IReadOnlyDictionary<string, string> common, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(common) { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" };
        foreach (var (name, value) in settings)
            all[name] = value;
        var process = AssayProcess.Start(program, all);
        try
        {
            var address = await Eventually.GetAsync($"{program} listens", () => Task.FromResult(
                AddressIn(process.Output) ?? (process.HasExited ? throw new InvalidOperationException($"{program} ended. {process}") : null)), details: process.ToString);
            return new ServiceProcess(program, process, new Uri(address));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks <c>/health/ready</c>.</summary>
    public async Task<(HttpStatusCode Status, string Answer)> ReadyAsync()
    {
        try
        {
            using var response = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException exception)
        {
            // It has ended, most likely; its log says why.
            throw new HttpRequestException($"{exception.Message} {process}", exception);
        }
    }

    /// <inheritdoc cref="AssayProcess.PeakMebibytes"/>
    public long PeakMebibytes => process.PeakMebibytes;

    /// <inheritdoc cref="AssayProcess.Id"/>
    public int Id => process.Id;

    /// <summary>Waits for its end.</summary>
    public Task<ProcessResult> ExitAsync(TimeSpan patience) => process.ExitAsync(patience);

    /// <summary>Ends it between two instructions, and does not wait for its end.</summary>
    public void Kill() => process.Kill();

    /// <summary>Ends it between two instructions.</summary>
    public Task<ProcessResult> KillAsync()
    {
        process.Kill();
        return process.ExitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Asks it to stop, as a supervisor does, and waits for its end.</summary>
    public Task<ProcessResult> StopAsync(TimeSpan patience)
    {
        process.Terminate();
        return process.ExitAsync(patience);
    }

    /// <summary>Asks all of them to stop at once, as a machine that shuts down does, and waits for their ends.</summary>
    /// <param name="services">The services.</param>
    /// <param name="patience">How long each may take.</param>
    /// <param name="say">Hears how long each has taken.</param>
    public static Task<ProcessResult[]> StopAllAsync(IReadOnlyCollection<ServiceProcess> services, TimeSpan patience, Action<string> say)
    {
        var asked = Stopwatch.StartNew();
        return Task.WhenAll(services.Select(async service =>
        {
            var end = await service.StopAsync(patience);
            say($"{service.Program} ended after {asked.Elapsed.TotalSeconds:0.0} s.");
            return end;
        }));
    }

    /// <inheritdoc/>
    public override string ToString() => process.ToString();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await process.DisposeAsync();
    }

    private static string? AddressIn(string output)
    {
        var start = output.IndexOf(Listening, StringComparison.Ordinal);
        var end = start < 0 ? -1 : output.AsSpan(start).IndexOfAny('\n', '"') is var length and >= 0 ? start + length : -1;
        return end < 0 ? null : output[(start + Listening.Length)..end].Trim();
    }
}
