using System.IO.Compression;

namespace Assay.Platform.Pixels;

/// <summary>
/// The boxes around a JPEG XL image (ISO/IEC 18181-2). ImageMagick fails on the compressed EXIF box that every
/// camera's JPEG gets when it is turned into JPEG XL: it is given the codestream alone.
/// </summary>
public static class JpegXlContainer
{
    // EXIF from a JPEG has at most 64 KiB; nothing that is worth reading is larger than this.
    private const int MaxExifBytes = 1 << 20;

    /// <summary>The image itself, without container; the file as it is where it has none, or no image in it.</summary>
    public static byte[] Codestream(byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var length = 0;
        for (ReadOnlySpan<byte> rest = file; TryTakeBox(ref rest, out var type, out var content);)
            length += Part(type, content).Length;
        if (length == 0)
            return file;
        var codestream = new byte[length];
        Span<byte> free = codestream;
        for (ReadOnlySpan<byte> rest = file; TryTakeBox(ref rest, out var type, out var content);)
        {
            var part = Part(type, content);
            part.CopyTo(free);
            free = free[part.Length..];
        }
        return codestream;
    }

    /// <summary>The EXIF block, without the offset that precedes it; <see langword="null"/> where there is none.</summary>
    /// <exception cref="InvalidDataException">It is compressed, and its compression is damaged or hides more than a megabyte.</exception>
    public static byte[]? Exif(byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        for (ReadOnlySpan<byte> rest = file; TryTakeBox(ref rest, out var type, out var content);)
        {
            if (type.SequenceEqual("Exif"u8) && content.Length > 4)
                return content[4..].ToArray();
            if (type.SequenceEqual("brob"u8) && content.StartsWith("Exif"u8))
                return Decompress(content[4..]) is { Length: > 4 } exif ? exif[4..] : null;
        }
        return null;
    }

    // All of it, or a part, which begins with its number; parts stand in order.
    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content) =>
        type.SequenceEqual("jxlc"u8) ? content : type.SequenceEqual("jxlp"u8) && content.Length > 4 ? content[4..] : [];

    private static byte[] Decompress(ReadOnlySpan<byte> compressed)
    {
        var exif = new byte[MaxExifBytes];
        return BrotliDecoder.TryDecompress(compressed, exif, out var length)
            ? exif[..length]
            : throw new InvalidDataException("The compressed EXIF block is damaged, or larger than a megabyte.");
    }

    // What is cut off ends with the file.
    private static bool TryTakeBox(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> type, out ReadOnlySpan<byte> content)
    {
        type = content = [];
        if (rest.Length < IsoBox.ShortHeader)
            return false;
        var size = IsoBox.DeclaredSize(rest, out var header);
        if (size == 0 || size > (ulong)rest.Length)
            size = (ulong)rest.Length;
        if (size < (ulong)header)
            return false;
        type = rest[4..8];
        content = rest[header..(int)size];
        rest = rest[(int)size..];
        return true;
    }
}
