using System.Diagnostics;
using Assay.Contracts;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;

namespace Assay.Platform.Isolation;

/// <summary>
/// Works on one file in a process that does nothing else: what the file does to that process it does to no other. One such process at a time; it ends with this one.
/// </summary>
/// <param name="program">The assembly whose program knows <see cref="ChildProgram.Argument"/>.</param>
public sealed class ChildProcess(System.Reflection.Assembly program) : IDisposable
{
    // On a starved machine a second of computing takes several, and the runtime needs a while to start.
    private const int Starvation = 4;
    private static readonly TimeSpan StartAllowance = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Does the work.</summary>
    /// <param name="work">What is to be done.</param>
    /// <param name="file">The file.</param>
    /// <param name="memory">How much memory it may take on top of the process itself and the file, in MiB.</param>
    /// <param name="cpuTime">How long it may compute; it may take four times as long.</param>
    /// <param name="waitForRoom">Called when the process knows how much memory it will take, in MiB; it goes on when this returns, and the room is given back when it has ended.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <exception cref="InvalidImageException">The file is at fault, in an orderly way; or it took too long.</exception>
    /// <exception cref="ChildDiedException">The process died of the file.</exception>
    /// <exception cref="InvalidOperationException">The process could not be started, was ended by somebody, or ran into a bug: all that is not the file's fault.</exception>
    public async Task<(TResult Result, byte[] Bytes)> RunAsync<TWork, TResult>(
        TWork work, ReadOnlyMemory<byte> file, int memory, TimeSpan cpuTime, Func<int, CancellationToken, Task<IDisposable?>> waitForRoom, CancellationToken cancellationToken)
        where TResult : class
    {
        ArgumentNullException.ThrowIfNull(waitForRoom);
        await turn.WaitAsync(cancellationToken);
        try
        {
            using var child = Process.Start(StartInfo()) ?? throw new InvalidOperationException("A process of its own could not be started.");
            using var clock = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var computed = TimeSpan.Zero;
            // A pipe of a process that has ended is at its end: nothing waits for longer.
            using var kill = clock.Token.Register(() =>
            {
                computed = ComputedBy(child);
                child.Kill();
            });
            var hasFile = false;
            IDisposable? room = null;
            try
            {
                clock.CancelAfter(StartAllowance + cpuTime * Starvation);
                var (input, output) = (child.StandardInput.BaseStream, child.StandardOutput.BaseStream);
                await Frames.ReadAsync(output, CancellationToken.None);
                hasFile = true;
                await Frames.WriteJsonAsync(input, new ChildTask<TWork>(memory, cpuTime, work), CancellationToken.None);
                await Frames.WriteAsync(input, file, CancellationToken.None);
                var reply = await Frames.ReadJsonAsync<ChildReply<TResult>>(output, CancellationToken.None);
                if (reply.Needs is { } mebibytes)
                {
                    clock.CancelAfter(Timeout.InfiniteTimeSpan);
                    room = await waitForRoom(mebibytes, cancellationToken);
                    clock.CancelAfter(StartAllowance + cpuTime * Starvation);
                    await Frames.WriteAsync(input, ReadOnlyMemory<byte>.Empty, CancellationToken.None);
                    reply = await Frames.ReadJsonAsync<ChildReply<TResult>>(output, CancellationToken.None);
                }
                if (reply.Refusal is { } refusal)
                    throw new InvalidImageException(refusal.Reason, refusal.Detail);
                if (reply.Error is { } error)
                    throw new InvalidOperationException($"In a process of its own: {error}");
                return (reply.Result ?? throw new ChildDiedException(reply.Death ?? "no answer"), await Frames.ReadAsync(output, CancellationToken.None));
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException)
            {
                await child.WaitForExitAsync(CancellationToken.None);
                cancellationToken.ThrowIfCancellationRequested();
                throw Explain(child.ExitCode, hasFile, clock.IsCancellationRequested ? computed : null, cpuTime);
            }
            finally
            {
                // It has nothing more to do; and not even a process that hangs at its end holds anything up.
                child.Kill();
                await child.WaitForExitAsync(CancellationToken.None);
                room?.Dispose();
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    private static Exception Explain(int exitCode, bool hasFile, TimeSpan? computedUntilKilled, TimeSpan cpuTime) => exitCode switch
    {
        _ when !hasFile => new InvalidOperationException($"A process of its own for an image did not come up (exit code {exitCode})."),
        128 + ProcessLimits.CpuTimeSignal => TooSlow(cpuTime),
        // Neither a machine on which others take every second nor a file on which nothing is computed says that the file is too slow.
        _ when computedUntilKilled is { } computed => computed >= cpuTime
            ? TooSlow(cpuTime)
            : new InvalidOperationException(FormattableString.Invariant($"A process of its own for an image had computed only {computed.TotalSeconds:0.0} s when its time was over: the machine is too busy, or it hangs.")),
        // It ignores them; whoever ends it so nevertheless does not mean the file.
        129 or 130 or 131 or 143 => new InvalidOperationException($"The process in which an image was tried alone was stopped from outside (signal {exitCode - 128})."),
        _ => ChildDiedException.From(exitCode),
    };

    private static TimeSpan ComputedBy(Process child)
    {
        try
        {
            return child.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
            return TimeSpan.Zero;
        }
    }

    private static InvalidImageException TooSlow(TimeSpan limit) =>
        new(RejectionReason.DecodeTimeout, $"Decoding took longer than the limit of {limit.TotalSeconds:0.##} s, also in a process of its own.");

    // The program lies beside every program that has the stage, and is started in the same way: by the runtime's own host or by the one that was built for it.
    private ProcessStartInfo StartInfo()
    {
        var path = Path.Combine(AppContext.BaseDirectory, program.GetName().Name!);
        var host = Environment.ProcessPath;
        var isShared = Path.GetFileNameWithoutExtension(host) == "dotnet";
        var start = new ProcessStartInfo(isShared ? host! : path) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (isShared)
            start.ArgumentList.Add(path + ".dll");
        start.ArgumentList.Add(ChildProgram.Argument);
        // It needs no server, and no password of one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith(Settings.Prefix, StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        // As the launcher sets it: what is free goes back, instead of being kept for each thread and counted against the limit.
        start.Environment.TryAdd("MALLOC_ARENA_MAX", "2");
        return start;
    }
}
