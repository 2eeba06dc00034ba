using System.Buffers.Binary;

namespace Assay.Preprocess.Formats;

/// <summary>
/// TIFF and the camera raw formats that dress as TIFF. A raw file's first directory is a thumbnail: reading it as a picture would be a silent mistake.
/// Tag numbers: TIFF 6.0, TIFF/EP and DNG 1.7.
/// </summary>
internal static class TiffFamily
{
    private const int EntryBytes = 12;
    private const ushort NewSubfileType = 0x00FE, Compression = 0x0103, Photometric = 0x0106, SubDirectories = 0x014A, DngVersion = 0xC612;
    private const uint ColourFilterArray = 32803, LinearRaw = 34892, NikonCompression = 34713, SonyCompression = 32767, PentaxCompression = 65535;

    public static FileKind? Match(ReadOnlySpan<byte> file)
    {
        if (file.Length < 8)
            return null;
        var big = file.StartsWith("MM"u8);
        if (!big && !file.StartsWith("II"u8))
            return null;
        return (big ? BinaryPrimitives.ReadUInt16BigEndian(file[2..]) : BinaryPrimitives.ReadUInt16LittleEndian(file[2..])) switch
        {
            42 when file[8..].StartsWith("CR\x02"u8) => Raw("Canon CR2"),
            42 when IsRaw(file, big) => Raw("DNG, NEF, ARW or another raw TIFF"),
            42 or 43 => FileKind.Readable(ImageFormat.Tiff, "a TIFF image", "image/tiff"),
            0x4F52 or 0x5352 => Raw("Olympus ORF"),
            0x0055 => Raw("Panasonic RW2"),
            _ => null,
        };
    }

    private static FileKind Raw(string what) => FileKind.OtherImage($"a camera raw file ({what})", "image/x-dcraw");

    private static bool IsRaw(ReadOnlySpan<byte> file, bool big)
    {
        var directory = U32(file[4..], big);
        if (directory + 2 > file.Length)
            return false;
        var entries = file[(int)directory..];
        var count = U16(entries, big);
        entries = entries[2..];
        var (isReducedCopy, hasSubDirectories) = (false, false);
        for (var i = 0; i < count && entries.Length >= EntryBytes; i++, entries = entries[EntryBytes..])
        {
            // A short value stands in the first two of the four value bytes, whichever the byte order.
            var value = U16(entries[2..], big) == 3 ? U16(entries[8..], big) : U32(entries[8..], big);
            switch (U16(entries, big))
            {
                case DngVersion:
                case Photometric when value is ColourFilterArray or LinearRaw:
                case Compression when value is NikonCompression or SonyCompression or PentaxCompression:
                    return true;
                case NewSubfileType:
                    isReducedCopy = (value & 1) == 1;
                    break;
                case SubDirectories:
                    hasSubDirectories = true;
                    break;
            }
        }
        return isReducedCopy && hasSubDirectories;
    }

    private static ushort U16(ReadOnlySpan<byte> at, bool big) =>
        big ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);

    private static uint U32(ReadOnlySpan<byte> at, bool big) =>
        big ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);
}
