using System.ComponentModel;
using Assay.Platform.Isolation;
using Assay.Platform.Messaging;

namespace Assay.Classify;

/// <summary>Verifies a stranger's package in a process of its own first: what the model does to that process it does to no other.</summary>
public static class ModelTrial
{
    // What a worker has for everything.
    private const int Mebibytes = 512;

    // The answer alone may take 20 seconds; a large model is read and optimised besides.
    private static readonly TimeSpan CpuTime = TimeSpan.FromMinutes(2);

    /// <summary>Returns when the package is what it says it is, and its model can be loaded and answers with the memory that a worker has. Limits memory and time on Linux only.</summary>
    /// <param name="folder">The package.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <exception cref="ModelPackageException">Something is wrong, as <see cref="ModelPackage.Load"/> says it; or the model ended the process.</exception>
    public static async Task RequireAsync(string folder, CancellationToken cancellationToken)
    {
        using var alone = new ChildProcess(typeof(ModelTrial).Assembly);
        try
        {
            var (outcome, _) = await alone.RunAsync<string, TrialOutcome>(folder, ReadOnlyMemory<byte>.Empty, Mebibytes, CpuTime, (_, _) => Task.FromResult<IDisposable?>(null), cancellationToken);
            if (outcome.Fault is { } fault)
                throw new ModelPackageException(folder, fault);
        }
        catch (ChildDiedException death)
        {
            throw new ModelPackageException(folder, $"model.onnx ended the process that tried it ({death.Message}); a worker has {Mebibytes} MiB for everything", death);
        }
        catch (Exception failed) when (failed is InvalidOperationException or Win32Exception)
        {
            throw new ModelPackageException(folder, $"it could not be tried: {failed.Message.TrimEnd('.')}", failed);
        }
        catch (InvalidImageException late)
        {
            throw new ModelPackageException(folder, $"model.onnx took more than {CpuTime.TotalSeconds:0} seconds of processor time to be loaded and to answer once", late);
        }
    }

    /// <summary>What the process of its own does: the program of this service, started as a child.</summary>
    public static Task<int> RunChildAsync() => ChildProgram.RunAsync<string, TrialOutcome>((folder, _, _) =>
    {
        try
        {
            ModelPackage.Load(folder);
            return Task.FromResult<(TrialOutcome, ReadOnlyMemory<byte>)>((new(null), default));
        }
        catch (ModelPackageException refusal)
        {
            return Task.FromResult<(TrialOutcome, ReadOnlyMemory<byte>)>((new(refusal.Fault), default));
        }
    });

    // What is wrong with the package; nothing where that is null.
    private sealed record TrialOutcome(string? Fault);
}
