using System.Runtime.ExceptionServices;
using Assay.Classify.Registry;
using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Hosting;
using Assay.Platform.Objects;
using Microsoft.EntityFrameworkCore;

namespace Assay.Classify;

/// <summary>What models answer about gold images: what they have answered already, or about the same bytes; only then are they asked.</summary>
public sealed class ModelAnswers(IObjectStore objects, CatalogContext catalog, TimeProvider clock)
{
    // A message is about one image, whichever and how many models are asked; every message has answers of its own.
    private (ObjectReference Place, ReadOnlyMemory<byte> Bytes)? read;

    /// <summary>One model's answer about one image, recorded or not yet.</summary>
    /// <param name="model">The model.</param>
    /// <param name="image">The image.</param>
    /// <param name="role">What the answer is for: <see cref="PredictionFact.Active"/> or <see cref="PredictionFact.Shadow"/>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<PredictionFact> AnswerAsync(LoadedModel model, ImageEnriched image, string role, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(image);
        var (package, id) = (model.Package, model.Package.PredictionId(image.ImageId, image.Recipe, role));
        if (await FindAsync(id, cancellationToken) is { } known)
            return known;
        if (image.TwinOf is { } other && await FindAsync(package.PredictionId(other, image.Recipe, role), cancellationToken) is { } twin)
            return twin.TakenOverBy(id, image.ImageId, clock.GetCatalogTime(), Spans.TraceId);
        return model.Answer(await ReadAsync(image.Gold, cancellationToken), image.ImageId, image.Recipe, role, clock);
    }

    /// <summary>What all these models answer about one image. A model that gives no usable answer, or is not here, keeps nobody from the others': its fault is given with them.</summary>
    /// <param name="lease">The models.</param>
    /// <param name="image">The image.</param>
    /// <param name="role">What the answers are for.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ModelAnswerException">None gives a usable answer.</exception>
    public async Task<(List<PredictionFact> Facts, ModelAnswerException? Fault)> AnswerAllAsync(ModelLease lease, ImageEnriched image, string role, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        List<PredictionFact> facts = [];
        var fault = lease.Missing.Select(state => new ModelAnswerException(state.Name, state.Version, "it cannot be loaded, and the log of this service says why")).FirstOrDefault();
        foreach (var model in lease.Models)
        {
            try
            {
                facts.Add(await AnswerAsync(model, image, role, cancellationToken));
            }
            catch (ModelAnswerException mute)
            {
                fault ??= mute;
            }
        }
        if (facts.Count == 0 && fault is not null)
            ExceptionDispatchInfo.Throw(fault);
        return (facts, fault);
    }

    /// <summary>Records an answer. Returns the one that counts: another worker may have recorded the same one before.</summary>
    public async Task<PredictionFact> RecordAsync(PredictionFact fact, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fact);
        return await catalog.AppendAsync([fact], cancellationToken)
            ? fact
            : await FindAsync(fact.Id, cancellationToken) ?? throw new InvalidOperationException($"The answer {fact.Id} is in the catalog and cannot be found there.");
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(ObjectReference gold, CancellationToken cancellationToken)
    {
        if (read?.Place != gold)
            read = (gold, await objects.ReadAllAsync(gold, cancellationToken));
        return read.Value.Bytes;
    }

    private Task<PredictionFact?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        catalog.Predictions.AsNoTracking().FirstOrDefaultAsync(fact => fact.Id == id, cancellationToken);
}
