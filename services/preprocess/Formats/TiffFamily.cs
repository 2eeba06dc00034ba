namespace Assay.Preprocess.Formats;

/// <summary>
/// TIFF, and the camera raw formats that dress as TIFF. A raw file's first directory is a thumbnail: taking it for the picture would be a silent mistake.
/// </summary>
internal static class TiffFamily
{
    public static FileKind? Match(ReadOnlySpan<byte> file)
    {
        if (file.Length < 4)
            return null;
        // The byte order, then the number 42 (or another, by which relatives tell themselves apart) in that byte order.
        return (file[0], file[1], file[2], file[3]) switch
        {
            ((byte)'I', (byte)'I', 42, 0) or ((byte)'M', (byte)'M', 0, 42) => Classic(file),
            ((byte)'I', (byte)'I', 43, 0) or ((byte)'M', (byte)'M', 0, 43) => Tiff(ImageFormat.Tiff),
            ((byte)'I', (byte)'I', (byte)'R', (byte)'O' or (byte)'S') or ((byte)'M', (byte)'M', (byte)'O', (byte)'R') => Raw("Olympus ORF"),
            ((byte)'I', (byte)'I', (byte)'U', 0) => Raw("Panasonic RW2"),
            _ => null,
        };
    }

    private static FileKind Classic(ReadOnlySpan<byte> file)
    {
        if (file.Length > 10 && file[8..].StartsWith("CR"u8))
            return Raw("Canon CR2");
        var directory = new TiffDirectory(file);
        if (IsRaw(directory))
            return Raw("DNG, NEF, ARW or another that is built like TIFF");
        return Tiff(IsUncommon(directory) ? ImageFormat.UncommonTiff : ImageFormat.Tiff);
    }

    private static bool IsRaw(TiffDirectory directory) =>
        directory.Has(TiffTag.DngVersion)
        || directory.First(TiffTag.Photometric) is TiffTag.PhotometricFilterArray or TiffTag.PhotometricLinearRaw
        || directory.First(TiffTag.Compression) is TiffTag.CompressionNikonRaw or TiffTag.CompressionSonyRaw or TiffTag.CompressionPentaxRaw
        // The first picture is only a reduced copy, and the real one hangs below it.
        || ((directory.First(TiffTag.NewSubfileType) & 1) == 1 && directory.Has(TiffTag.SubDirectories));

    // What the bundled libvips refuses, or (the old JPEG compression, LZMA) silently turns black.
    private static bool IsUncommon(TiffDirectory directory) =>
        directory.First(TiffTag.Compression) is TiffTag.CompressionOldJpeg or TiffTag.CompressionLzma
        || directory.First(TiffTag.Photometric) is TiffTag.PhotometricLab
        || directory.First(TiffTag.BitsPerSample) is not (null or 1 or 2 or 4 or 8 or 16 or 32 or 64)
        || (directory.First(TiffTag.PlanarConfiguration) is TiffTag.PlanarSeparate && directory.Has(TiffTag.TileOffsets));

    private static FileKind Tiff(ImageFormat format) => FileKind.Readable(format, "a TIFF image", "image/tiff");

    private static FileKind Raw(string what) => FileKind.OtherImage($"a camera raw file ({what})", "image/x-dcraw");
}
