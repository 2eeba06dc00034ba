namespace Assay.Preprocess.Formats;

/// <summary>Tag numbers and values of TIFF 6.0, TIFF/EP, DNG 1.7 and libtiff.</summary>
internal static class TiffTag
{
    public const ushort
        NewSubfileType = 0x00FE,
        BitsPerSample = 0x0102,
        Compression = 0x0103,
        Photometric = 0x0106,
        StripOffsets = 0x0111,
        StripByteCounts = 0x0117,
        PlanarConfiguration = 0x011C,
        TileOffsets = 0x0144,
        TileByteCounts = 0x0145,
        SubDirectories = 0x014A,
        DngVersion = 0xC612;

    public const uint
        PhotometricLab = 8,
        PhotometricFilterArray = 32803,
        PhotometricLinearRaw = 34892,
        PlanarSeparate = 2,
        CompressionOldJpeg = 6,
        CompressionSonyRaw = 32767,
        CompressionNikonRaw = 34713,
        CompressionLzma = 34925,
        CompressionPentaxRaw = 65535;
}
