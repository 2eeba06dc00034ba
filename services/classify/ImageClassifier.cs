using Assay.Platform.Messaging;
using Microsoft.Extensions.ObjectPool;
using Microsoft.ML.OnnxRuntime;

namespace Assay.Classify;

/// <summary>
/// Asks one model about images. Safe from any number of threads; each uses one core, so one caller per core is best.
/// The same image gives the same scores, bit for bit, whoever else is asking.
/// </summary>
public sealed class ImageClassifier : IDisposable
{
    private readonly ModelManifest manifest;
    private readonly OnnxModel model;
    private readonly ObjectPool<InferenceBuffers> pool;
    private bool disposed;

    /// <summary>Opens the package's model.</summary>
    /// <param name="package">A verified package.</param>
    /// <exception cref="ModelPackageException">The model is no longer the one that was verified.</exception>
    public ImageClassifier(ModelPackage package)
        : this(package ?? throw new ArgumentNullException(nameof(package)), package.OpenModel())
    {
    }

    private ImageClassifier(ModelPackage package, OnnxModel model)
    {
        (Package, manifest, this.model) = (package, package.Manifest, model);
        pool = InferenceBuffers.Pool(() => model.NewBuffers(manifest.Input, manifest.Output.Name, manifest.Labels.Count));
    }

    /// <summary>What it answers with.</summary>
    public ModelPackage Package { get; }

    /// <summary>Reads, verifies and opens a package. The folder is not needed any more when this returns.</summary>
    /// <exception cref="ModelPackageException">Something is wrong; the message names the folder, the file and the field.</exception>
    public static ImageClassifier Open(string folder)
    {
        var (package, model) = ModelPackage.Open(folder);
        return new(package, model);
    }

    /// <summary>Decodes, resizes and classifies one image.</summary>
    /// <param name="jpeg">A gold image: an upright sRGB JPEG.</param>
    /// <exception cref="InvalidImageException">The image is empty or does not decode to its end.</exception>
    /// <exception cref="ModelAnswerException">The model answers with numbers that are not finite, not in time, or not at all.</exception>
    public Prediction Classify(ReadOnlyMemory<byte> jpeg)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var scores = new float[manifest.Labels.Count];
        var buffers = pool.Get();
        try
        {
            buffers.Run(jpeg, scores);
        }
        catch (TimeoutException late)
        {
            // Not as the inner exception: as such a time-out says that a server is away, for which messages wait.
            throw new ModelAnswerException(manifest.Name, manifest.Version, late.Message);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new ModelAnswerException(manifest.Name, manifest.Version, OnnxFault.OfAnswer(fault));
        }
        finally
        {
            pool.Return(buffers);
        }
        var energy = Scores.Finish(scores, manifest.Output);
        if (!Array.TrueForAll(scores, float.IsFinite))
            throw new ModelAnswerException(manifest.Name, manifest.Version, "it answers with numbers that are not finite");
        return Prediction.Of(scores, energy, manifest);
    }

    /// <summary>Frees the model. No call may be under way.</summary>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        (pool as IDisposable)?.Dispose();
        model.Dispose();
    }
}
