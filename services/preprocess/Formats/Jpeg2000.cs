using System.Buffers.Binary;

namespace Assay.Preprocess.Formats;

/// <summary>What the main header of a JPEG 2000 codestream says about its size (ISO/IEC 15444-1, annex A).</summary>
/// <param name="Right">Where the image ends on its canvas, from the canvas' left edge. Its own left edge may be further right.</param>
/// <param name="Bottom">Where the image ends on its canvas, from the canvas' upper edge.</param>
/// <param name="Levels">How often every component of the image can be halved: so many times smaller it decodes at once.</param>
internal sealed record Jpeg2000(uint Right, uint Bottom, int Levels)
{
    private const ushort Size = 0xFF51, CodingStyle = 0xFF52, ComponentCodingStyle = 0xFF53, StartOfTilePart = 0xFF90;

    private const int MostLevels = 32, FewComponents = 257;

    // Start of codestream, and the segment that must follow.
    private static ReadOnlySpan<byte> Start => [0xFF, 0x4F, 0xFF, 0x51];

    /// <summary>Reads the main header; <see langword="null"/> where there is none that can be read.</summary>
    public static Jpeg2000? Read(ReadOnlySpan<byte> file)
    {
        var start = file.IndexOf(Start);
        if (start < 0)
            return null;
        var (right, bottom, levels, componentBytes) = (0u, 0u, MostLevels, 1);
        for (var rest = file[(start + 2)..]; rest.Length >= 4;)
        {
            // A segment: marker, length (which counts itself), content.
            var (marker, length) = (BinaryPrimitives.ReadUInt16BigEndian(rest), BinaryPrimitives.ReadUInt16BigEndian(rest[2..]));
            if (marker == StartOfTilePart)
                return right > 0 && bottom > 0 ? new(right, bottom, levels < MostLevels ? levels : 0) : null;
            if (length < 2 || 2 + length > rest.Length)
                return null;
            var content = rest[4..(2 + length)];
            switch (marker)
            {
                case Size when content.Length >= 36:
                    right = BinaryPrimitives.ReadUInt32BigEndian(content[2..]);
                    bottom = BinaryPrimitives.ReadUInt32BigEndian(content[6..]);
                    componentBytes = BinaryPrimitives.ReadUInt16BigEndian(content[34..]) < FewComponents ? 1 : 2;
                    break;
                case CodingStyle when content.Length >= 6:
                    levels = Math.Min(levels, content[5]);
                    break;
                case ComponentCodingStyle when content.Length >= componentBytes + 2:
                    levels = Math.Min(levels, content[componentBytes + 1]);
                    break;
                default:
                    break;
            }
            rest = rest[(2 + length)..];
        }
        return null;
    }
}
