using Assay.Platform.Objects;
using Assay.Platform.Pixels;
using NetVips;

namespace Assay.Enrich;

/// <summary>Reads what an original says about itself, from its header only: no pixel is decoded. Safe to share between threads.</summary>
public sealed class MetadataReader(EnrichOptions options)
{
    private readonly TextCleaner _text = new(options.MaxTextLength);

    /// <summary>Reads the metadata of an original. Bad metadata never throws: what could not be read is missing, and a note says so.</summary>
    /// <param name="bronze">The original's bytes.</param>
    public ImageMetadata Read(byte[] bronze)
    {
        Vips.Prepare();
        var notes = new List<string>();
        var metadata = ReadHeader(bronze, notes, out var exif);
        if (exif is not null)
            metadata = ExifFields.Add(metadata, ExifBlock.Read(exif, options.KeepGps, notes), _text);
        return metadata with { Notes = notes };
    }

    // libvips finds the blocks in every container it knows, with the loaders that the preprocess stage has already trusted with these bytes;
    // MetadataExtractor's own container readers know neither HEIC nor AVIF in the version to be had, and can be made to allocate gigabytes.
    private ImageMetadata ReadHeader(byte[] bronze, List<string> notes, out byte[]? exif)
    {
        exif = null;
        try
        {
            using var source = Source.NewFromMemory(bronze);
            using var header = Image.NewFromSource(source, access: Enums.Access.Sequential);
            exif = header.Contains("exif-data") ? (byte[])header.Get("exif-data") : ExifOutsideTheHeader(bronze);
            return ContainerFields.Read(header, bronze, _text);
        }
        catch (VipsException)
        {
            notes.Add("The container's header cannot be read here.");
            return new ImageMetadata();
        }
    }

    // A TIFF file is one EXIF block; libvips only looks for a PNG's block where older writers put it.
    private static byte[]? ExifOutsideTheHeader(byte[] bronze) =>
        ExifBlock.StartsLikeTiff(bronze) ? bronze : PngChunks.Find(bronze, "eXIf"u8) is { IsEmpty: false } block ? block.ToArray() : null;
}
