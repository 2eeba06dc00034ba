using Assay.Classify;
using Assay.Platform.Messaging;
using Assay.Preprocess;
using Assay.Trainer.Drawing;
using NetVips;

namespace Assay.Trainer.Pictures;

/// <summary>
/// Pictures as the network sees them: through the silver transform, then <see cref="ImageResize"/>, as in service. The first view of each picture is exactly what
/// the service will see, the others are parts of it, for training.
/// </summary>
internal sealed class PixelSet
{
    // High, since the picture has been through the silver transform's JPEG once.
    private const int PartQuality = 95;

    private readonly List<byte[]>[] views;

    private PixelSet(IReadOnlyList<LabelledPicture> pictures, int[] targets, List<byte[]>[] views)
    {
        this.views = views;
        Pictures = pictures;
        Targets = targets;
    }

    /// <summary>The pictures that could be read, their files replaced by their silver images.</summary>
    public IReadOnlyList<LabelledPicture> Pictures { get; }

    /// <summary>The index of each picture's label.</summary>
    public int[] Targets { get; }

    public int Count => Pictures.Count;

    /// <summary>This set and another one.</summary>
    public PixelSet With(PixelSet other) => new([.. Pictures, .. other.Pictures], [.. Targets, .. other.Targets], [.. views, .. other.views]);

    /// <summary>The pictures that fulfil a condition.</summary>
    public PixelSet Where(Func<LabelledPicture, bool> condition)
    {
        int[] kept = [.. Enumerable.Range(0, Count).Where(i => condition(Pictures[i]))];
        return new([.. kept.Select(i => Pictures[i])], [.. kept.Select(i => Targets[i])], [.. kept.Select(i => views[i])]);
    }

    /// <summary>Width × height × RGB bytes of the whole picture.</summary>
    public byte[] Whole(int picture) => views[picture][0];

    /// <summary>The whole picture or a part of it.</summary>
    public byte[] AnyView(int picture, Chance chance) => chance.Pick(views[picture]);

    /// <summary>Reads, harmonises and resizes; a picture that the preprocess stage would refuse is left out.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="labels">All labels in order.</param>
    /// <param name="input">The network's input.</param>
    /// <param name="parts">How many parts of each picture there shall be besides the whole.</param>
    /// <param name="seed">Decides which parts.</param>
    /// <param name="ct">Stops it.</param>
    public static PixelSet Make(IReadOnlyList<LabelledPicture> pictures, IReadOnlyList<string> labels, InputSpecification input, int parts, int seed, CancellationToken ct)
    {
        var silver = new SilverTransform(new PreprocessOptions());
        var made = new (LabelledPicture Picture, List<byte[]> Views)?[pictures.Count];
        Parallel.For(0, pictures.Count, new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            try
            {
                var jpeg = silver.Apply(pictures[i].File, ct).Jpeg.ToArray();
                made[i] = (pictures[i] with { File = jpeg }, Views(jpeg, input, parts, new Chance(unchecked(seed * 31 + i))));
            }
            catch (InvalidImageException)
            {
                made[i] = null;
            }
        });
        var good = made.OfType<(LabelledPicture Picture, List<byte[]> Views)>().ToArray();
        var order = labels.ToList();
        return new PixelSet([.. good.Select(one => one.Picture)], [.. good.Select(one => order.IndexOf(one.Picture.Label))], [.. good.Select(one => one.Views)]);
    }

    private static List<byte[]> Views(byte[] jpeg, InputSpecification input, int parts, Chance chance)
    {
        List<byte[]> views = [Pixels(jpeg, input)];
        if (parts == 0)
            return views;
        using var image = Image.NewFromBuffer(jpeg);
        for (var i = 0; i < parts; i++)
        {
            var (width, height) = (Math.Max(1, (int)(image.Width * chance.Range(0.55, 1))), Math.Max(1, (int)(image.Height * chance.Range(0.55, 1))));
            using var part = image.Crop(chance.Count(0, image.Width - width), chance.Count(0, image.Height - height), width, height);
            // A file again, because service sees files: how far a JPEG is reduced while decoding is a matter of its size.
            views.Add(Pixels(part.JpegsaveBuffer(q: PartQuality), input));
        }
        return views;
    }

    private static byte[] Pixels(byte[] jpeg, InputSpecification input)
    {
        var pixels = new byte[ImageTensor.Length(input)];
        ImageResize.Decode(jpeg, input, pixels);
        return pixels;
    }
}
