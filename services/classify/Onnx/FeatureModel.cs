using Assay.Platform.Messaging;
using Microsoft.Extensions.ObjectPool;
using Microsoft.ML.OnnxRuntime;

namespace Assay.Classify.Onnx;

/// <summary>
/// A classifier without its last layer: it says what a picture is like, in numbers to which a last layer for other labels can be fitted. Safe from any number of threads.
/// </summary>
public sealed class FeatureModel : IDisposable
{
    private readonly string name;
    private readonly InputSpecification input;
    private readonly Headless graph;
    private readonly OnnxModel model;
    private readonly ObjectPool<InferenceBuffers> pool;

    /// <summary>Takes a package's model apart.</summary>
    /// <param name="package">A verified package.</param>
    /// <exception cref="ModelPackageException">Its model has no last layer that could be replaced.</exception>
    public FeatureModel(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        name = $"{package.Identity.Name} {package.Identity.Version}";
        input = package.Manifest.Input;
        graph = Headless.Of(package.ReadModel(), package.Manifest.Output.Name, name);
        model = OnnxModel.Open(graph.ToFile(), name);
        pool = InferenceBuffers.Pool(() => model.NewBuffers(input, graph.Output, graph.Features));
        try
        {
            Probe();
        }
        catch (ModelPackageException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How many numbers say what a picture is like.</summary>
    public int Features => graph.Features;

    /// <summary>What a picture is like: as many numbers as the last layer was given.</summary>
    /// <param name="jpeg">A gold or silver image: an upright sRGB JPEG.</param>
    /// <exception cref="InvalidImageException">The image is empty or does not decode to its end.</exception>
    /// <exception cref="ModelPackageException">The model answers with numbers that are not finite, not in time, or not at all.</exception>
    public float[] Extract(ReadOnlyMemory<byte> jpeg)
    {
        var features = new float[graph.Features];
        var buffers = pool.Get();
        try
        {
            buffers.Run(jpeg, features);
        }
        catch (TimeoutException late)
        {
            throw new ModelPackageException(name, late.Message, late);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new ModelPackageException(name, OnnxFault.OfAnswer(fault), fault);
        }
        finally
        {
            pool.Return(buffers);
        }
        return Finite(features);
    }

    /// <summary>The model with a new last layer: model.onnx, and the name of its output of logits.</summary>
    public (byte[] File, string Output) With(LinearHead head) => graph.With(head);

    /// <summary>Frees the model. No call may be under way.</summary>
    public void Dispose()
    {
        (pool as IDisposable)?.Dispose();
        model.Dispose();
    }

    // The shape of what the last layer was given is not in the file: asking once is the only way to know that it is one row of features.
    private void Probe()
    {
        var features = new float[graph.Features];
        try
        {
            using var buffers = model.NewBuffers(input, graph.Output, graph.Features);
            buffers.Run(features);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new ModelPackageException(name, $"what its last layer is given is not one row of {graph.Features} features, so that it cannot be replaced", fault);
        }
        catch (TimeoutException late)
        {
            throw new ModelPackageException(name, late.Message, late);
        }
        Finite(features);
    }

    private float[] Finite(float[] features) => Array.TrueForAll(features, float.IsFinite)
        ? features
        : throw new ModelPackageException(name, "it has features that are not finite; take another one as the base");
}
