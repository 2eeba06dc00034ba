using System.Diagnostics;
using System.Runtime.InteropServices;
using Assay.Platform.Messaging;

namespace Assay.Platform.Isolation;

/// <summary>A service's program as a child of another: it does one piece of work with one file, answers, and ends.</summary>
public static class ChildProgram
{
    /// <summary>The only argument of a program that is started as a child.</summary>
    public const string Argument = "child";

    private static readonly string[] Shortages = ["memory", "ResourcesExhausted"];

    /// <summary>Works on what comes over standard input, and answers over standard output. Returns the exit code.</summary>
    /// <typeparam name="TWork">What the parent wants to be done, as JSON.</typeparam>
    /// <typeparam name="TResult">What came of it, as JSON; bytes are beside it.</typeparam>
    /// <param name="work">
    /// Does it. Gets the work, the file, and a way to wait until there is so much memory, in MiB. Throws <see cref="InvalidImageException"/> where the file is at fault.
    /// </param>
    public static async Task<int> RunAsync<TWork, TResult>(Func<TWork, byte[], Func<int, Task>, Task<(TResult Result, ReadOnlyMemory<byte> Bytes)>> work)
        where TResult : class
    {
        ArgumentNullException.ThrowIfNull(work);
        ProcessLimits.DieFirst();
        // Who stops a terminal's or a service's processes stops this one too; the parent decides what becomes of it.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();

        ChildTask<TWork> task;
        byte[] file;
        try
        {
            // Up to here nothing can be the file's fault, and the parent is told so.
            await Frames.WriteAsync(output, ReadOnlyMemory<byte>.Empty, CancellationToken.None);
            task = await Frames.ReadJsonAsync<ChildTask<TWork>>(input, CancellationToken.None);
            file = await Frames.ReadAsync(input, CancellationToken.None);
        }
        catch (IOException)
        {
            // The parent has ended.
            return 1;
        }
        ProcessLimits.Set(task.Memory, task.CpuTime);
        var go = EndWith(input);
        try
        {
            var (result, bytes) = await work(task.Work, file, async mebibytes =>
            {
                await Frames.WriteJsonAsync(output, new ChildReply<TResult>(Needs: mebibytes), CancellationToken.None);
                await go;
            });
            await Frames.WriteJsonAsync(output, new ChildReply<TResult>(Result: result), CancellationToken.None);
            await Frames.WriteAsync(output, bytes, CancellationToken.None);
        }
        catch (Exception exception) when (IsOutOfMemory(exception))
        {
            await Frames.WriteJsonAsync(output, new ChildReply<TResult>(Death: "out of memory"), CancellationToken.None);
        }
        catch (InvalidImageException refusal)
        {
            await Frames.WriteJsonAsync(output, new ChildReply<TResult>(Refusal: new(refusal.Reason, refusal.Detail)), CancellationToken.None);
        }
#pragma warning disable CA1031 // Not swallowed: the parent throws it again, and there it is treated as if the work had been done there.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            await Frames.WriteJsonAsync(output, new ChildReply<TResult>(Error: exception.ToString()), CancellationToken.None);
        }
        return 0;
    }

    // A decoder that was not given what it asked for calls the file broken, and says why in words only: libvips, libjpeg and most others; ImageMagick.
    private static bool IsOutOfMemory(Exception exception) =>
        (exception is not InvalidImageException && Shortages.Any(words => exception.Message.Contains(words, StringComparison.OrdinalIgnoreCase)))
        || (exception.InnerException is { } inner && IsOutOfMemory(inner));

    // A parent that has ended, however, closes the pipe: nobody waits for this process any more. A decoder in native code listens to nothing but this.
    private static Task EndWith(Stream input)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            var frame = new byte[sizeof(int)];
            if (input.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
            {
                go.SetResult();
                _ = input.ReadByte();
            }
            Process.GetCurrentProcess().Kill();
        })
        { IsBackground = true }.Start();
        return go.Task;
    }
}
