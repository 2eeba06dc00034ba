using Assay.Classify.Registry;
using Assay.Preprocess;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Models;

/// <summary>Pictures whose labels are known, each with what a model says about it. What cannot be used is said and left out.</summary>
internal static class KnownPictures
{
    /// <summary>Images on which persons have decided, the newest decisions first.</summary>
    /// <param name="place">Where they are.</param>
    /// <param name="model">Who is asked, where that version has not answered yet.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<IReadOnlyList<KnownPicture>> WithVerdictsAsync(Installation place, LoadedModel model, int most, CancellationToken cancellationToken)
    {
        var (name, package) = (model.Package.Identity.Name, model.Package.Sha256);
        List<KnownPicture> known = [];
        foreach (var picture in await LabelledPictures.WithVerdictsAsync(place, name, most, cancellationToken))
        {
            if (!model.Package.Manifest.Labels.Contains(picture.Label))
            {
                Terminal.WriteError($"Image {picture.Name} is left out: '{picture.Label}', as a person has called it, is no label of {name} {model.Package.Identity.Version}.");
                continue;
            }
            var gold = picture.Gold!;
            var said = await place.Catalog.Predictions.AsNoTracking().Where(fact => fact.ImageId == gold.ImageId && fact.Recipe == gold.Recipe && fact.PackageSha256 == package).Select(fact => fact.Scores).FirstOrDefaultAsync(cancellationToken);
            if ((said ?? await picture.UseAsync(jpeg => model.Classifier.Classify(jpeg).Scores, cancellationToken)) is { } scores)
                known.Add(new(picture, scores));
        }
        return known;
    }

    /// <summary>The files of a folder that has a folder for each label.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="transform">Makes silver images.</param>
    /// <param name="model">Who is asked.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="LabelledPicturesException">There is no such folder, or a folder in it is called like no label.</exception>
    public static async Task<IReadOnlyList<KnownPicture>> InFolderAsync(string folder, SilverTransform transform, LoadedModel model, CancellationToken cancellationToken)
    {
        var pictures = LabelledPictures.InFolder(folder, transform);
        // An empty folder may be misspelt, too.
        if (Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).FirstOrDefault(path => !model.Package.Manifest.Labels.Contains(Path.GetFileName(path))) is { } unknown)
        {
            throw new LabelledPicturesException(
                $"The folder {unknown} is called like no label of {model.Package.Identity.Name} {model.Package.Identity.Version}, which has {string.Join(", ", model.Package.Manifest.Labels)}.");
        }
        List<KnownPicture> known = [];
        foreach (var picture in pictures)
        {
            if (await picture.UseAsync(jpeg => model.Classifier.Classify(jpeg).Scores, cancellationToken) is { } scores)
                known.Add(new(picture, scores));
        }
        return known;
    }
}
