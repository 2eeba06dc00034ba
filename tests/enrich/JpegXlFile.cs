using System.Buffers.Binary;
using System.IO.Compression;
using ImageMagick;

namespace Assay.Tests.Enrich;

/// <summary>A JPEG XL file in a container with an EXIF block, as programs make it that turn a camera's JPEG into JPEG XL.</summary>
internal static class JpegXlFile
{
    public static byte[] With(byte[] exif, bool compressed)
    {
        using var image = new MagickImage(MagickColors.Teal, 32, 16);
        var codestream = image.ToByteArray(MagickFormat.Jxl);
        // Four bytes say how far behind them the block begins.
        byte[] content = [0, 0, 0, 0, .. exif];
        return
        [
            .. Box("JXL "u8, [0x0D, 0x0A, 0x87, 0x0A]), .. Box("ftyp"u8, [.. "jxl \0\0\0\0jxl "u8]),
            .. compressed ? Box("brob"u8, [.. "Exif"u8, .. Brotli(content)]) : Box("Exif"u8, content),
            // In two parts, as it is streamed.
            .. Box("jxlp"u8, [0, 0, 0, 0, .. codestream[..9]]), .. Box("jxlp"u8, [0x80, 0, 0, 1, .. codestream[9..]]),
        ];
    }

    private static byte[] Box(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        var box = new byte[8 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        type.CopyTo(box.AsSpan(4));
        content.CopyTo(box.AsSpan(8));
        return box;
    }

    private static byte[] Brotli(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var stream = new BrotliStream(packed, CompressionLevel.Fastest))
            stream.Write(content);
        return packed.ToArray();
    }
}
