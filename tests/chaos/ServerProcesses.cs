using System.Diagnostics;
using System.Globalization;
using Assay.Tests;

namespace Assay.Chaos;

/// <summary>The servers of this run as processes, where they are its own: to be killed, and to be started again with the same data.</summary>
/// <param name="folder">The folder of their states, one for each script in tests/servers.</param>
internal sealed class ServerProcesses(string folder)
{
    /// <summary>Those that <c>./test chaos</c> has started.</summary>
    /// <exception cref="InvalidOperationException">They are somebody else's.</exception>
    public static ServerProcesses OfThisRun() =>
        Environment.GetEnvironmentVariable("ASSAY_TEST_SERVERS") is { Length: > 0 } folder && Enum.GetValues<Server>().All(server => Directory.Exists(Path.Combine(folder, Name(server))))
            ? new(folder)
            : throw new InvalidOperationException("This run kills its servers, and so needs its own: ./test chaos starts them, unless an ASSAY_TEST_… variable names others.");

    /// <summary>SIGKILL, and up again. Of Ceph only the gateway dies: the storage daemon has the objects in memory.</summary>
    public async Task KillAndStartAsync(Server server)
    {
        var state = Path.Combine(folder, Name(server));
        var id = int.Parse(await File.ReadAllTextAsync(Path.Combine(state, server == Server.S3 ? "rgw.pid" : Name(server) + ".pid")), CultureInfo.InvariantCulture);
        using (var process = Process.GetProcessById(id))
            process.Kill();
        // It is nobody's child any more: where nobody collects it, it stays as a zombie.
        var status = $"/proc/{id}/stat";
        await Eventually.HoldsAsync($"{server} is dead", () => !File.Exists(status) || File.ReadAllText(status).Contains(") Z", StringComparison.Ordinal));
        for (var attempt = 1; ; attempt++)
        {
            using var script = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "tests", "servers", Name(server) + ".sh"), ["up"]) { Environment = { ["STATE"] = state } })!;
            await script.WaitForExitAsync();
            if (script.ExitCode == 0)
                return;
            if (attempt == 3)
                throw new InvalidOperationException($"{server} does not start again: see {state}.");
        }
    }

    private static string Name(Server server) => server switch
    {
        Server.RabbitMq => "rabbitmq",
        Server.Postgres => "postgres",
        _ => "s3",
    };
}
