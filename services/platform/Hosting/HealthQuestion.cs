using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Assay.Platform.Hosting;

/// <summary>
/// A service's program as the one that asks: <c>Assay.Ingest health</c> asks the service on this machine whether it is ready. Images have neither a shell nor curl that could.
/// </summary>
internal static class HealthQuestion
{
    /// <summary>The only argument of a program that is to ask.</summary>
    public const string Argument = "health";

    // Longer than the checks themselves may take.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Asks <c>/health/ready</c> where the service listens by its variables, and prints the answer. Returns the exit code: 0 when it is ready, otherwise 1.</summary>
    public static async Task<int> AskAsync()
    {
        var question = new Uri(ServiceAddress(), "/health/ready");
        // Whatever proxy there is for others: this is the same machine.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(question);
            await Console.Out.WriteLineAsync(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"{question} does not answer: {exception.Message}");
            return 1;
        }
    }

    private static Uri ServiceAddress()
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables("ASPNETCORE_").Build();
        if (First(settings[WebHostDefaults.ServerUrlsKey]) is not { } url)
            return new Uri($"http://127.0.0.1:{First(settings[WebHostDefaults.HttpPortsKey]) ?? "8080"}");
        var listens = BindingAddress.Parse(url);
        // A name that is no address, as + and *, means all addresses.
        var isOne = IPAddress.TryParse(listens.Host, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any);
        return new Uri($"{listens.Scheme}://{(isOne ? listens.Host : "127.0.0.1")}:{listens.Port}");
    }

    private static string? First(string? list) => list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
}
