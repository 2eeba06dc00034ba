using System.Buffers.Binary;
using System.Text;

namespace Assay.Tests.Enrich;

/// <summary>Writes an EXIF block field by field (TIFF 6.0, section 2; CIPA DC-008), little-endian, right or wrong as a test wants it.</summary>
internal sealed class ExifWriter
{
    private readonly SortedDictionary<ushort, (ushort Type, uint Count, byte[] Bytes)> image = [], photo = [], gps = [];

    /// <summary>Text in the first directory (make, model, …).</summary>
    public ExifWriter Image(ushort tag, string text) => Add(image, tag, text);

    /// <summary>Raw bytes as text in the first directory.</summary>
    public ExifWriter Image(ushort tag, byte[] text) => Add(image, tag, 2, (uint)text.Length, text);

    /// <summary>Text in the photograph's directory.</summary>
    public ExifWriter Photo(ushort tag, string text) => Add(photo, tag, text);

    /// <summary>A 16-bit number in the photograph's directory.</summary>
    public ExifWriter Photo(ushort tag, ushort number) => Add(photo, tag, 3, 1, [(byte)number, (byte)(number >> 8)]);

    /// <summary>A 32-bit number in the photograph's directory.</summary>
    public ExifWriter PhotoLong(ushort tag, uint number) => Add(photo, tag, 4, 1, U32(number));

    /// <summary>Fractions in the photograph's directory.</summary>
    public ExifWriter Photo(ushort tag, params (uint Over, uint Under)[] fractions) => Add(photo, tag, fractions);

    /// <summary>A position in degrees, minutes and seconds, and metres.</summary>
    public ExifWriter Gps(string northOrSouth, (uint, uint)[] latitude, string eastOrWest, (uint, uint)[] longitude, bool isBelowSea, (uint, uint) metres)
    {
        Add(gps, 1, northOrSouth);
        Add(gps, 2, latitude);
        Add(gps, 3, eastOrWest);
        Add(gps, 4, longitude);
        Add(gps, 5, 1, 1, [(byte)(isBelowSea ? 1 : 0)]);
        return Add(gps, 6, [metres]);
    }

    /// <summary>The block, as it stands in a file after "Exif" and two zeros.</summary>
    public byte[] Block()
    {
        const ushort photoPointer = 0x8769, gpsPointer = 0x8825;
        (image[photoPointer], image[gpsPointer]) = ((4, 1, U32(0)), (4, 1, U32(0)));
        var at = 8 + Size(image);
        (image[photoPointer], image[gpsPointer]) = ((4, 1, U32((uint)at)), (4, 1, U32((uint)(at + Size(photo)))));
        return [.. "II*\0"u8, .. U32(8), .. Directory(image, 8), .. Directory(photo, at), .. Directory(gps, at + Size(photo))];
    }

    /// <summary>The JPEG with the block in its APP1 segment.</summary>
    public byte[] In(byte[] jpeg) => Segment(jpeg, Block());

    /// <summary>The JPEG with any bytes in its APP1 segment.</summary>
    public static byte[] Segment(byte[] jpeg, byte[] block)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(block.Length + 8));
        return [.. jpeg[..2], 0xFF, 0xE1, .. length, .. "Exif\0\0"u8, .. block, .. jpeg[2..]];
    }

    private ExifWriter Add(SortedDictionary<ushort, (ushort, uint, byte[])> directory, ushort tag, string text) =>
        Add(directory, tag, 2, (uint)Encoding.UTF8.GetByteCount(text) + 1, [.. Encoding.UTF8.GetBytes(text), 0]);

    private ExifWriter Add(SortedDictionary<ushort, (ushort, uint, byte[])> directory, ushort tag, (uint Over, uint Under)[] fractions) =>
        Add(directory, tag, 5, (uint)fractions.Length, [.. fractions.SelectMany(fraction => (byte[])[.. U32(fraction.Over), .. U32(fraction.Under)])]);

    private ExifWriter Add(SortedDictionary<ushort, (ushort, uint, byte[])> directory, ushort tag, ushort type, uint count, byte[] bytes)
    {
        directory[tag] = (type, count, bytes);
        return this;
    }

    private static int Size(SortedDictionary<ushort, (ushort Type, uint Count, byte[] Bytes)> directory) =>
        6 + 12 * directory.Count + directory.Values.Sum(value => value.Bytes.Length > 4 ? value.Bytes.Length : 0);

    // A value of more than four bytes stands behind the directory, and its entry says where.
    private static byte[] Directory(SortedDictionary<ushort, (ushort Type, uint Count, byte[] Bytes)> directory, int start)
    {
        var entries = new List<byte>(U16((ushort)directory.Count));
        var values = new List<byte>();
        var at = start + 6 + 12 * directory.Count;
        foreach (var (tag, (type, count, bytes)) in directory)
        {
            entries.AddRange([.. U16(tag), .. U16(type), .. U32(count)]);
            entries.AddRange(bytes.Length > 4 ? U32((uint)(at + values.Count)) : [.. bytes, .. new byte[4 - bytes.Length]]);
            if (bytes.Length > 4)
                values.AddRange(bytes);
        }
        return [.. entries, .. U32(0), .. values];
    }

    private static byte[] U16(ushort number) => [(byte)number, (byte)(number >> 8)];

    private static byte[] U32(uint number) => [(byte)number, (byte)(number >> 8), (byte)(number >> 16), (byte)(number >> 24)];
}
