using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace Assay.Tests;

/// <summary>Programs that tests/tools.sh names and <c>./test</c> installs. Where one is absent the test is skipped; on CI it fails.</summary>
public static class Tools
{
    /// <summary>Debian's own Python, which sees Debian's modules; another may come first on the PATH.</summary>
    public const string Python = "/usr/bin/python3";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Skips or fails the test unless the program runs with these arguments and says that all is well.</summary>
    public static async Task RequireAsync(string program, params string[] arguments)
    {
        var tried = await TryRunAsync(program, arguments);
        if (tried is { Code: 0 })
            return;
        var message = $"This test needs a working \"{program} {string.Join(' ', arguments)}\"; ./test installs what it takes. {tried?.Error}";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(message);
        Assert.Skip(message);
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It is not there, or failed: with what it said.</exception>
    public static async Task<string> RunAsync(string program, params string[] arguments) => await TryRunAsync(program, arguments) switch
    {
        null => throw new InvalidOperationException($"{program} is not there."),
        { Code: not 0 } failed => throw new InvalidOperationException($"{program} ended with {failed.Code}: {failed.Error}"),
        var done => done.Value.Output,
    };

    private static async Task<(int Code, string Output, string Error)?> TryRunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            return null;
        }
        using (process)
        using (var deadline = new CancellationTokenSource(Patience))
        using (deadline.Token.Register(() => process.Kill(entireProcessTree: true)))
        {
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            return (process.ExitCode, output, deadline.IsCancellationRequested ? $"{await error}It was ended after {Patience.TotalMinutes:0} minutes." : await error);
        }
    }
}
