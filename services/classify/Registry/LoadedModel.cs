using System.Diagnostics;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;

namespace Assay.Classify.Registry;

/// <summary>A model in memory. It is freed when nobody uses it any more: whoever was classifying when it was replaced comes to the end.</summary>
public sealed class LoadedModel(ImageClassifier classifier) : IDisposable
{
    /// <summary>Name and version, as metrics and traces have them.</summary>
    public string Name { get; } = $"{classifier.Package.Identity.Name} {classifier.Package.Identity.Version}";

    // Its owner is the first user.
    private int users = 1;

    /// <summary>The package.</summary>
    public ModelPackage Package => classifier.Package;

    /// <summary>Asks it.</summary>
    public ImageClassifier Classifier => classifier;

    /// <summary>Asks it about a gold image.</summary>
    /// <param name="gold">The image's bytes.</param>
    /// <param name="imageId">The image.</param>
    /// <param name="recipe">The recipe of the silver image behind it.</param>
    /// <param name="role">What the answer is for.</param>
    /// <param name="clock">Tells the time.</param>
    /// <exception cref="InvalidImageException">The image does not decode.</exception>
    public PredictionFact Answer(ReadOnlyMemory<byte> gold, Guid imageId, string recipe, string role, TimeProvider clock)
    {
        var started = Stopwatch.GetTimestamp();
        var prediction = Ask(gold);
        var time = Stopwatch.GetElapsedTime(started);
        Meters.ModelAnswered(Name, time, prediction.Confidence);
        return prediction.ToFact(Package, imageId, recipe, role, time, clock.GetCatalogTime(), Spans.TraceId);
    }

    /// <summary>One user more. Only who knows that there is one, such as the owner, may call it.</summary>
    internal void Use() => Interlocked.Increment(ref users);

    /// <summary>One user less.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref users) == 0)
            classifier.Dispose();
    }

    private Prediction Ask(ReadOnlyMemory<byte> gold)
    {
        using var span = Spans.Start("inference");
        span?.SetTag("assay.model", Name);
        return classifier.Classify(gold);
    }
}
