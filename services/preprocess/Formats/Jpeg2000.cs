using System.Buffers.Binary;

namespace Assay.Preprocess.Formats;

/// <summary>How often a JPEG 2000 codestream halves its image (ISO/IEC 15444-1, annex A): so many times smaller it decodes at once.</summary>
internal static class Jpeg2000
{
    private const ushort CodingStyle = 0xFF52, ComponentCodingStyle = 0xFF53, StartOfTilePart = 0xFF90, Size = 0xFF51;

    private const int MostLevels = 32, FewComponents = 257;

    // Start of codestream, and the segment that must follow.
    private static ReadOnlySpan<byte> Start => [0xFF, 0x4F, 0xFF, 0x51];

    /// <summary>The fewest levels that any component has, as the main header says; 0 where it does not say.</summary>
    public static int DecompositionLevels(ReadOnlySpan<byte> file)
    {
        var start = file.IndexOf(Start);
        if (start < 0)
            return 0;
        var (levels, componentBytes) = (MostLevels, 1);
        for (var rest = file[(start + 2)..]; rest.Length >= 4;)
        {
            // A segment: marker, length (which counts itself), content.
            var (marker, length) = (BinaryPrimitives.ReadUInt16BigEndian(rest), BinaryPrimitives.ReadUInt16BigEndian(rest[2..]));
            if (marker == StartOfTilePart)
                return levels < MostLevels ? levels : 0;
            if (length < 2 || 2 + length > rest.Length)
                return 0;
            var content = rest[4..(2 + length)];
            if (marker == Size && length >= 38)
                componentBytes = BinaryPrimitives.ReadUInt16BigEndian(content[34..]) < FewComponents ? 1 : 2;
            if (marker == CodingStyle && length >= 8)
                levels = Math.Min(levels, content[5]);
            if (marker == ComponentCodingStyle && length >= componentBytes + 4)
                levels = Math.Min(levels, content[componentBytes + 1]);
            rest = rest[(2 + length)..];
        }
        return 0;
    }
}
