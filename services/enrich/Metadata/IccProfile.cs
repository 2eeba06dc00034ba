using System.Buffers.Binary;
using System.Text;

namespace Assay.Enrich;

/// <summary>
/// Reads a colour profile's name (ICC.1:2022, 7.3 and 10.15; ICC.1:2001-04, 6.5.17). MetadataExtractor's reader copies every tag that the table
/// lists, however often and large: a profile of one megabyte can ask it for many gigabytes.
/// </summary>
internal static class IccProfile
{
    private const int HeaderLength = 128;
    // Real profiles have 9 to 30.
    private const int MaxTags = 200;

    /// <summary>The profile's description, or <see langword="null"/> when it has none that can be read.</summary>
    public static string? Description(ReadOnlySpan<byte> profile)
    {
        if (profile.Length < HeaderLength + 4)
            return null;
        var count = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(profile[HeaderLength..]), MaxTags);
        for (var i = 0; i < count; i++)
        {
            var entry = HeaderLength + 4 + i * 12;
            if (profile.Length < entry + 12)
                return null;
            if (profile.Slice(entry, 4).SequenceEqual("desc"u8))
                return Text(Slice(profile, ReadLength(profile, entry + 4), ReadLength(profile, entry + 8)));
        }
        return null;
    }

    private static string? Text(ReadOnlySpan<byte> tag)
    {
        // Version 2: type, reserved, length with a closing zero, ASCII.
        if (tag.Length > 12 && tag.StartsWith("desc"u8))
            return Encoding.Latin1.GetString(Slice(tag, 12, ReadLength(tag, 8))).TrimEnd('\0');
        // Version 4: type, reserved, number and size of records; of the first record: language, country, length, offset.
        if (tag.Length >= 28 && tag.StartsWith("mluc"u8))
            return Encoding.BigEndianUnicode.GetString(Slice(tag, ReadLength(tag, 24), ReadLength(tag, 20)));
        return null;
    }

    private static long ReadLength(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, long start, long length) =>
        start + length <= bytes.Length ? bytes.Slice((int)start, (int)length) : [];
}
