using Assay.Platform.Catalog;

namespace Assay.Classify.Registry;

/// <summary>The models that are active at one moment, in the order of their names, usable until disposed.</summary>
public sealed class ModelLease : IDisposable
{
    internal ModelLease(IReadOnlyList<LoadedModel> models, IReadOnlyList<ModelState> missing)
    {
        (Models, Missing) = (models, missing);
        foreach (var model in models)
            model.Use();
    }

    /// <summary>The models; at least one.</summary>
    public IReadOnlyList<LoadedModel> Models { get; }

    /// <summary>Those that belong to them and cannot be loaded here.</summary>
    public IReadOnlyList<ModelState> Missing { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var model in Models)
            model.Dispose();
    }
}
