using Assay.Classify;
using Assay.Trainer.Drawing;
using Assay.Trainer.Pictures;
using NetVips;

namespace Assay.Trainer;

/// <summary>The pictures of one training: what is learnt from, what the model is judged on, and the provided validation part.</summary>
internal sealed record TrainingData(PictureFolder Folder, PixelSet Train, PixelSet Judge, PixelSet? Validation)
{
    // Parts of each collected picture; a drawn one has thousands of siblings instead.
    private const int PartsOfCollected = 4;
    private const int PartsOfRendered = 1;
    private const int AlbumSide = 160;

    /// <exception cref="TrainerException">A label has no picture to learn from, or there is nothing to judge the model on.</exception>
    public static async Task<TrainingData> ReadAsync(TrainOptions options, InputSpecification input, CancellationToken ct)
    {
        var folder = new PictureFolder(options.Pictures);
        var train = await folder.ReadAsync("train", ct);
        var validation = await folder.ReadAsync("validation", ct);
        bool IsUnseen(LabelledPicture picture) => options.Unseen.Contains(picture.Source);
        var seen = train.Where(picture => !IsUnseen(picture)).ToList();
        var judge = options.Unseen.Count == 0 ? validation : [.. train.Concat(validation).Where(IsUnseen)];
        if (judge.Count == 0)
            throw new TrainerException("There is nothing to judge the model on: give the folder \"validation\" some pictures, or name sources with --unseen.");

        var pixels = PixelSet.Make(seen, folder.Labels, input, PartsOfCollected, options.Seed, ct);
        var drawn = Draw(pixels.Pictures, folder, options, ct);
        var both = pixels.With(PixelSet.Make(drawn, folder.Labels, input, PartsOfRendered, options.Seed + 1, ct));
        if (folder.Labels.FirstOrDefault(label => both.Pictures.All(picture => picture.Label != label)) is { } empty)
            throw new TrainerException($"The label \"{empty}\" has no picture to learn from.");
        var known = validation.Where(picture => !IsUnseen(picture)).ToList();
        return new(
            folder,
            both,
            PixelSet.Make(judge, folder.Labels, input, 0, 0, ct),
            options.Unseen.Count == 0 || known.Count == 0 ? null : PixelSet.Make(known, folder.Labels, input, 0, 0, ct));
    }

    private static List<LabelledPicture> Draw(IReadOnlyList<LabelledPicture> collected, PictureFolder folder, TrainOptions options, CancellationToken ct)
    {
        if (options.Rendered == 0)
            return [];
        var photos = collected.Where(picture => picture.Label == "photo").ToList();
        var album = new Album([.. collected.Where(picture => picture.Label is "photo" or "drawing").Select(picture => Small(picture.File))]);
        return
        [
            .. RenderedPictures.Make(options.Rendered, options.Seed, album, ct).Concat(StylisedPhotos.Make(photos, options.Rendered * 2, options.Seed, ct))
                .Where(picture => folder.Labels.Contains(picture.Label)),
        ];
    }

    private static byte[] Small(byte[] jpeg)
    {
        using var image = Image.NewFromBuffer(jpeg);
        using var small = image.ThumbnailImage(AlbumSide, height: AlbumSide);
        return small.JpegsaveBuffer(q: 85);
    }
}
