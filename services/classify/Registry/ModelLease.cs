namespace Assay.Classify.Registry;

/// <summary>The models that are active at one moment, in the order of their names, usable until disposed.</summary>
public sealed class ModelLease : IDisposable
{
    internal ModelLease(IReadOnlyList<LoadedModel> models)
    {
        Models = models;
        foreach (var model in models)
            model.Use();
    }

    /// <summary>The models; at least one.</summary>
    public IReadOnlyList<LoadedModel> Models { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var model in Models)
            model.Dispose();
    }
}
