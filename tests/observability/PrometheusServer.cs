using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Assay.Tests.Distributed;

namespace Assay.Tests.Observability;

/// <summary>A Prometheus with the configuration of deploy/observability, in which services are found by their ports and everything is read each second.</summary>
internal sealed partial class PrometheusServer : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("assay-prometheus-");
    private readonly HttpClient http;
    private readonly Process process;

    private PrometheusServer(IReadOnlyDictionary<string, ServiceProcess> services)
    {
        var source = Path.Combine(Repository.Root, "deploy", "observability");
        var configuration = Path.Combine(folder.FullName, "prometheus.yml");
        File.Copy(Path.Combine(source, "alerts.yml"), Path.Combine(folder.FullName, "alerts.yml"));
        File.WriteAllText(configuration, Discovery().Replace(File.ReadAllText(Path.Combine(source, "prometheus.yml")), name =>
            $"static_configs: [{{ targets: [\"{services[name.Groups[1].Value].Http.BaseAddress!.Authority}\"] }}]").Replace("_interval: 15s", "_interval: 1s", StringComparison.Ordinal));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        listener.Stop();
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        process = Process.Start("prometheus",
            [$"--config.file={configuration}", $"--storage.tsdb.path={folder.FullName}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]);
    }

    /// <summary>Starts it; it answers when this returns.</summary>
    public static async Task<PrometheusServer> StartAsync(IReadOnlyDictionary<string, ServiceProcess> services)
    {
        var server = new PrometheusServer(services);
        try
        {
            await server.BecomeReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>What an expression is now: its values, as they are written.</summary>
    public async Task<List<string>> AskAsync(string expression) =>
        [.. (await GetAsync($"query?query={Uri.EscapeDataString(expression)}")).GetProperty("result").EnumerateArray().Select(sample => sample.GetProperty("value")[1].GetString()!)];

    /// <summary>The alerts: whether the expression could be evaluated (<c>ok</c>), and whether it holds (<c>inactive</c>, <c>pending</c>, <c>firing</c>).</summary>
    public async Task<List<(string Name, string Health, string State)>> AlertsAsync() =>
    [
        .. (await GetAsync("rules?type=alert")).GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())
            .Select(rule => (rule.GetProperty("name").GetString()!, rule.GetProperty("health").GetString()!, rule.GetProperty("state").GetString()!)),
    ];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        http.Dispose();
        folder.Delete(recursive: true);
    }

    private Task BecomeReadyAsync() => Eventually.HoldsAsync("Prometheus is ready", async () =>
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("-/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException) when (!process.HasExited)
        {
            return false;
        }
    });

    private async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await http.GetStringAsync(new Uri($"api/v1/{path}", UriKind.Relative))).RootElement.GetProperty("data");

    [GeneratedRegex(@"dns_sd_configs: \[\{ names: \[(\w+)\].*")]
    private static partial Regex Discovery();
}
