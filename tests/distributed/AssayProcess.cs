using System.Globalization;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Assay.Tests.Distributed;

/// <summary>How a process ended, and all that it said.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record ProcessResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of standard output.</summary>
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The lines of standard error.</summary>
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>One of the built programs as a process of its own, as a user or a supervisor runs it. It ends with the test at the latest.</summary>
internal sealed class AssayProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder error = new();

    private AssayProcess(ProcessStartInfo start)
    {
        process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its number.</summary>
    public int Id => process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>What it has written to standard output.</summary>
    public string Output => Read(output);

    /// <summary>What it has written to standard error.</summary>
    public string Error => Read(error);

    /// <summary>Starts a program of the test's output folder, e.g. <c>assay</c> or <c>Assay.Ingest</c>. Of Assay's settings it has only the given ones.</summary>
    public static AssayProcess Start(string program, IReadOnlyDictionary<string, string> settings, params IEnumerable<string> arguments) =>
        Start(["dotnet", Path.Combine(AppContext.BaseDirectory, program + ".dll"), .. arguments], settings);

    /// <summary>The same as a user without rights: nothing is forbidden to root, as which tests may run.</summary>
    public static AssayProcess StartWithoutRights(string program, IReadOnlyDictionary<string, string> settings, params IEnumerable<string> arguments)
    {
        string[] user = Environment.UserName == "root" ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
        return Start([.. user, "dotnet", Path.Combine(AppContext.BaseDirectory, program + ".dll"), .. arguments], settings);
    }

    /// <summary>The same in a terminal of its own, so many characters wide; all that it writes is standard output.</summary>
    public static AssayProcess StartInTerminal(int width, string program, IReadOnlyDictionary<string, string> settings, params IEnumerable<string> arguments)
    {
        var command = string.Join(' ', new[] { "dotnet", Path.Combine(AppContext.BaseDirectory, program + ".dll") }.Concat(arguments).Select(word => $"'{word}'"));
        return Start(["script", "--quiet", "--return", "--command", $"stty cols {width} rows 50; TERM=xterm {command}", "/dev/null"], settings);
    }

    private static AssayProcess Start(string[] command, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        return new AssayProcess(start);
    }

    /// <summary>The most memory it has had at any time, in MiB, as Linux counts it: its own and what it shares.</summary>
    public long PeakMebibytes =>
        long.Parse(File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))[6..^3], CultureInfo.InvariantCulture) / 1024;

    /// <summary>Asks it to stop, as Ctrl-C does.</summary>
    public void Interrupt() => Send(2);

    /// <summary>Asks it to stop, as a supervisor does.</summary>
    public void Terminate() => Send(15);

    /// <summary>Ends it between two instructions.</summary>
    public void Kill() => Send(9);

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public async Task<ProcessResult> ExitAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The process did not end within {patience}. {this}");
        }
        return new ProcessResult(process.ExitCode, Output, Error);
    }

    /// <summary>All that it has said, for the message of a failed test.</summary>
    public override string ToString() =>
        $"{string.Join(' ', process.StartInfo.ArgumentList)}\n--- standard output ---\n{Output}--- standard error ---\n{Error}---";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("ASSAY_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase);

    /// <summary>Ends any process of this machine between two instructions; false if there is none.</summary>
    public static bool Kill(int process) => SendSignal(process, 9) == 0;

    private void Send(int signal)
    {
        if (SendSignal(process.Id, signal) != 0)
            throw new InvalidOperationException($"Signal {signal} could not be sent. {this}");
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.Append(line).Append('\n');
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

#pragma warning disable SYSLIB1054 // Two numbers need no generated code, which would have to be unsafe.
    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
#pragma warning restore SYSLIB1054
}
