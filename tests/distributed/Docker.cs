using System.Diagnostics;
using System.Text;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>A Docker daemon, with images for the names that docker-compose.yml and the Dockerfile use: public ones, or stand-ins where those cannot be had.</summary>
internal sealed class Docker : IAsyncDisposable
{
    // Loading or making a dozen images takes minutes the first time; they are kept for the next.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, string> environment;
    private readonly string? standIns;

    private Docker(Dictionary<string, string> environment, string? standIns)
    {
        this.environment = environment;
        this.standIns = standIns;
    }

    /// <summary>Whether images are stand-ins, which lack what only the real ones have.</summary>
    public bool HasStandIns => standIns is not null;

    /// <summary>
    /// Finds a daemon, or starts one, unless <c>ASSAY_TEST_CONTAINERS</c> is <c>false</c>: making all images takes minutes and the whole machine. Where none can be had, the test is
    /// skipped; where one is there and the images are not, that is a failure on CI.
    /// </summary>
    public static async Task<Docker> RequireAsync()
    {
        if (Environment.GetEnvironmentVariable("ASSAY_TEST_CONTAINERS") == "false")
            Assert.Skip("ASSAY_TEST_CONTAINERS=false: building and running the images takes minutes and the whole machine.");
        var script = Environment.UserName == "root" ? SharedFolder.Require("standins", "containers.sh") : null;
        // Beside those of other checkouts and users; nothing of it is in the way of a daemon that is there already.
        var environment = new Dictionary<string, string> { ["STATE"] = Path.Combine(Path.GetTempPath(), "assay-containers") };
        if (script is not null)
        {
            var up = await RunAsync(environment, Patience, Repository.Root, script, "up", "docker-compose.yml", "deploy/Dockerfile");
            if (up.OutputLines.LastOrDefault(line => line.StartsWith("export DOCKER_HOST=", StringComparison.Ordinal))?.Split('=', 2)[1] is { Length: > 0 } host)
                environment["DOCKER_HOST"] = host;
            if (up.ExitCode != 0 && Environment.GetEnvironmentVariable("CI") == "true" && await AnswersAsync(environment))
                Assert.Fail($"There is a Docker daemon, but not what the images are made from: {up}");
        }
        if (!await AnswersAsync(environment))
            Assert.Skip("This test needs a Docker daemon, and none answers or could be started.");
        return new Docker(environment, script);
    }

    /// <summary>Runs a command with this daemon, in the checkout; it must end well.</summary>
    public async Task<ProcessResult> RunAsync(IReadOnlyDictionary<string, string> variables, params string[] command)
    {
        var all = new Dictionary<string, string>(environment);
        foreach (var (name, value) in variables)
            all[name] = value;
        var result = await RunAsync(all, Patience, Repository.Root, command);
        result.ExitCode.ShouldBe(0, $"{string.Join(' ', command)}: {result}");
        return result;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Stops nothing but a daemon that was started by it.
        if (standIns is not null)
            await RunAsync(environment, Patience, Repository.Root, standIns, "down");
    }

    private static async Task<bool> AnswersAsync(Dictionary<string, string> environment)
    {
        try
        {
            return (await RunAsync(environment, TimeSpan.FromMinutes(1), Repository.Root, "docker", "info")).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static async Task<ProcessResult> RunAsync(IReadOnlyDictionary<string, string> environment, TimeSpan patience, string folder, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var (output, error) = (new StringBuilder(), new StringBuilder());
        using var process = Process.Start(start)!;
        // A daemon that the command leaves behind may keep these open: it is the command that is waited for, not their end.
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var deadline = new CancellationTokenSource(patience);
        await using var end = deadline.Token.Register(() => process.Kill(entireProcessTree: true));
        await process.WaitForExitAsync(CancellationToken.None);
        return new ProcessResult(process.ExitCode, output.ToString(), error.ToString());
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
            text.Append(line).Append('\n');
    }
}
