using System.Text.Json;
using System.Text.Json.Serialization;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Objects;
using Assay.Preprocess;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Models;

/// <summary>Where pictures with known labels come from. A file becomes a silver image first, as everything that is taken in.</summary>
internal static class LabelledPictures
{
    private static readonly JsonSerializerOptions ManifestJson = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>Images on which persons have decided for this model's question, the newest decisions first.</summary>
    public static async Task<IReadOnlyList<LabelledPicture>> WithVerdictsAsync(Installation place, string model, int most, CancellationToken cancellationToken)
    {
        var decided = await place.Catalog.CurrentLabels.AsNoTracking().Where(label => label.Model == model && label.Reviewer != null)
            .OrderByDescending(label => label.DecidedAt).ThenBy(label => label.ImageId).Take(most).Select(label => new { label.ImageId, label.Label }).ToListAsync(cancellationToken);
        List<LabelledPicture> pictures = [];
        foreach (var one in decided)
        {
            if (await GoldAsync(place, one.ImageId, cancellationToken) is { } gold)
                pictures.Add(new(one.ImageId.ToString(), one.Label, token => place.Objects.ReadAllAsync(gold.Gold, token), gold));
            else
                Terminal.WriteError($"Image {one.ImageId} is left out: a person has decided on it, but the catalog knows no gold image of it.");
        }
        return pictures;
    }

    /// <summary>The files of a folder that has a folder for each label, in the order of their names.</summary>
    /// <exception cref="LabelledPicturesException">There is no such folder.</exception>
    public static IReadOnlyList<LabelledPicture> InFolder(string folder, SilverTransform transform)
    {
        if (!Directory.Exists(folder))
            throw new LabelledPicturesException($"There is no folder {folder}.");
        return
        [
            .. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).SelectMany(label => Directory.EnumerateFiles(label).Order(StringComparer.Ordinal)
                .Select(file => FromFile(file, Path.GetRelativePath(folder, file), Path.GetFileName(label), transform))),
        ];
    }

    /// <summary>What a manifest lists: one JSON object a line, with <c>label</c> and either <c>file</c> (relative to the manifest) or <c>imageId</c>.</summary>
    /// <exception cref="LabelledPicturesException">A line says something else, or names what is not there.</exception>
    public static async Task<IReadOnlyList<LabelledPicture>> InManifestAsync(string manifest, Installation place, SilverTransform transform, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(manifest))!;
        List<LabelledPicture> pictures = [];
        var number = 0;
        await foreach (var text in File.ReadLinesAsync(manifest, cancellationToken))
        {
            number++;
            if (string.IsNullOrWhiteSpace(text))
                continue;
            pictures.Add(Parse(text) switch
            {
                { File: { } file, ImageId: null, Label: { } label } => File.Exists(Path.Combine(folder, file))
                    ? FromFile(Path.Combine(folder, file), file, label, transform)
                    : throw Fault($"there is no file {file}"),
                { File: null, ImageId: { } id, Label: { } label } => await GoldAsync(place, id, cancellationToken) is { } gold
                    ? new(id.ToString(), label, token => place.Objects.ReadAllAsync(gold.Gold, token), gold)
                    : throw Fault($"there is no gold image of {id} in {place}"),
                _ => throw Fault("it must have label, and either file or imageId"),
            });
        }
        return pictures;

        ManifestLine? Parse(string text)
        {
            try
            {
                return JsonSerializer.Deserialize<ManifestLine>(text, ManifestJson);
            }
            catch (JsonException exception)
            {
                throw Fault($"""it must be like {"{"}"file": "a.jpg", "label": "coat"{"}"}; {exception.Message}""");
            }
        }

        LabelledPicturesException Fault(string what) => new($"{manifest}, line {number}: {what}.");
    }

    private static LabelledPicture FromFile(string file, string name, string label, SilverTransform transform) => new(name, label, async token =>
    {
        transform.RequireSize(new FileInfo(file).Length);
        return (await transform.ApplyInTurnAsync(await File.ReadAllBytesAsync(file, token), token)).Jpeg.ToArray();
    });

    private static Task<EnrichedFact?> GoldAsync(Installation place, Guid imageId, CancellationToken cancellationToken) =>
        place.Catalog.Enrichments.AsNoTracking().Where(fact => fact.ImageId == imageId).OrderByDescending(fact => fact.EnrichedAt).FirstOrDefaultAsync(cancellationToken);

    private sealed record ManifestLine(string? File, Guid? ImageId, string? Label);
}
