using Assay.Classify.Registry;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using Assay.Preprocess;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Models;

/// <summary>Pictures whose labels are known, each with what a model says about it.</summary>
internal static class KnownPictures
{
    /// <summary>Images on which persons have decided, the newest decisions first. What cannot be used is said and left out.</summary>
    /// <param name="place">Where they are.</param>
    /// <param name="model">Who is asked, where that version has not answered yet.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<IReadOnlyList<KnownPicture>> WithVerdictsAsync(Installation place, LoadedModel model, int most, CancellationToken cancellationToken)
    {
        var (catalog, name, package) = (place.Catalog, model.Package.Identity.Name, model.Package.Sha256);
        var decided = await catalog.CurrentLabels.AsNoTracking().Where(label => label.Model == name && label.Reviewer != null)
            .OrderByDescending(label => label.DecidedAt).ThenBy(label => label.ImageId).Take(most).Select(label => new { label.ImageId, label.Label }).ToListAsync(cancellationToken);
        List<KnownPicture> pictures = [];
        foreach (var (id, label) in decided.Select(one => (one.ImageId, one.Label)))
        {
            if (!model.Package.Manifest.Labels.Contains(label))
            {
                Terminal.WriteError($"Image {id} is left out: '{label}', as a person has called it, is no label of {name} {model.Package.Identity.Version}.");
                continue;
            }
            var gold = await catalog.Enrichments.AsNoTracking().Where(fact => fact.ImageId == id).OrderByDescending(fact => fact.EnrichedAt).FirstOrDefaultAsync(cancellationToken);
            if (gold is null)
                continue;
            Task<byte[]> OpenAsync(CancellationToken token) => place.Objects.ReadAllAsync(gold.Gold, token);
            try
            {
                var said = await catalog.Predictions.AsNoTracking().Where(fact => fact.ImageId == id && fact.Recipe == gold.Recipe && fact.PackageSha256 == package).Select(fact => fact.Scores).FirstOrDefaultAsync(cancellationToken);
                pictures.Add(new(id.ToString(), label, said ?? model.Classifier.Classify(await OpenAsync(cancellationToken)).Scores, OpenAsync));
            }
            catch (Exception exception) when (exception is ObjectMissingException or InvalidDataException or InvalidImageException)
            {
                Terminal.WriteError($"Image {id} is left out: its gold image is not intact ('assay verify --repair' mends it).");
            }
        }
        return pictures;
    }

    /// <summary>The files of a folder that has a folder for each label; each becomes a silver image first, as everything that is taken in. What is no picture is said and left out.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How silver images are made.</param>
    /// <param name="model">Who is asked.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ModelReportException">There is no such folder, or a folder in it is called like no label.</exception>
    public static async Task<IReadOnlyList<KnownPicture>> InFolderAsync(string folder, PreprocessOptions options, LoadedModel model, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            throw new ModelReportException($"There is no folder {folder}.");
        var labels = Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).ToList();
        if (labels.Find(path => !model.Package.Manifest.Labels.Contains(Path.GetFileName(path))) is { } unknown)
        {
            throw new ModelReportException(
                $"The folder {unknown} is called like no label of {model.Package.Identity.Name} {model.Package.Identity.Version}, which has {string.Join(", ", model.Package.Manifest.Labels)}.");
        }
        using var transform = new SilverTransform(options);
        List<KnownPicture> pictures = [];
        foreach (var file in labels.SelectMany(path => Directory.EnumerateFiles(path).Order(StringComparer.Ordinal)))
        {
            // The same file is opened once more when the page shows it.
            async Task<byte[]> OpenAsync(CancellationToken token)
            {
                transform.RequireSize(new FileInfo(file).Length);
                return transform.Apply(await File.ReadAllBytesAsync(file, token), token).Jpeg.ToArray();
            }
            try
            {
                pictures.Add(new(Path.GetRelativePath(folder, file), Path.GetFileName(Path.GetDirectoryName(file))!, model.Classifier.Classify(await OpenAsync(cancellationToken)).Scores, OpenAsync));
            }
            catch (InvalidImageException refusal)
            {
                Terminal.WriteError($"{file} is left out: {refusal.Detail}");
            }
        }
        return pictures;
    }
}
