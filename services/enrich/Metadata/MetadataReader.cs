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
    /// <param name="mediaType">What they are, as the preprocess stage found.</param>
    public ImageMetadata Read(byte[] bronze, string mediaType)
    {
        Vips.Prepare();
        var notes = new List<string>();
        var metadata = ReadHeader(bronze, mediaType, notes, out var exif);
        if (exif is not null)
            metadata = ExifFields.Add(metadata, ExifBlock.Read(exif, options.KeepGps, notes), _text);
        return metadata with { Notes = notes };
    }

    // libvips finds the blocks in every container it knows, with the loaders that the preprocess stage has already trusted with these bytes;
    // MetadataExtractor's own container readers know neither HEIC nor AVIF in the version to be had, and can be made to allocate gigabytes.
    private ImageMetadata ReadHeader(byte[] bronze, string mediaType, List<string> notes, out byte[]? exif)
    {
        exif = null;
        try
        {
            using var source = Source.NewFromMemory(PngChunks.WithoutTextBombs(bronze));
            using var header = Image.NewFromSource(source, access: Enums.Access.Sequential);
            exif = header.Contains("exif-data") ? (byte[])header.Get("exif-data") : ExifOutsideTheHeader(bronze, mediaType, notes);
            return ContainerFields.Read(header, bronze, _text);
        }
        catch (VipsException)
        {
            exif = ExifOutsideTheHeader(bronze, mediaType, notes);
            if (PingedHeader.Read(bronze, mediaType, _text) is { } header)
                return header;
            notes.Add("The container's header cannot be read here.");
            return new ImageMetadata();
        }
    }

    // A TIFF file is one EXIF block; libvips only looks for a PNG's block where older writers put it.
    private static byte[]? ExifOutsideTheHeader(byte[] bronze, string mediaType, List<string> notes)
    {
        if (ExifBlock.StartsLikeTiff(bronze))
            return bronze;
        if (mediaType != "image/jxl")
            return PngChunks.Find(bronze, "eXIf"u8) is { IsEmpty: false } block ? block.ToArray() : null;
        try
        {
            return JpegXlContainer.Exif(bronze);
        }
        catch (InvalidDataException)
        {
            notes.Add("EXIF cannot be unpacked.");
            return null;
        }
    }
}
