using System.Buffers;
using System.Runtime.InteropServices;
using Assay.Platform.Pixels;
using NetVips;

namespace Assay.Enrich;

/// <summary>The luma of an image, 0 to 255 a pixel, in rows from the top.</summary>
internal sealed class LumaPlane(int width, int height, byte[] pixels)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    public ReadOnlySpan<byte> Pixels => pixels.AsSpan(0, Width * Height);

    /// <summary>Decodes a silver image. Luma as in ITU-R BT.601, which JPEG itself uses: 0.299 R + 0.587 G + 0.114 B of the gamma-encoded values.</summary>
    /// <exception cref="VipsException">The bytes are not a JPEG that decodes; a silver image always does.</exception>
    public static LumaPlane Decode(byte[] silverJpeg)
    {
        Vips.Prepare();
        using var image = Image.JpegloadBuffer(silverJpeg, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
        var bands = image.Bands;
        var (length, count) = (image.Width * image.Height * bands, image.Width * image.Height);
        var samples = ArrayPool<byte>.Shared.Rent(length);
        var native = image.WriteToMemory(out _);
        try
        {
            Marshal.Copy(native, samples, 0, length);
            var luma = bands == 1 ? samples.AsSpan(0, count).ToArray() : new byte[count];
            if (bands > 1)
                FromRgb(samples, bands, luma);
            return new(image.Width, image.Height, luma);
        }
        finally
        {
            NetVips.NetVips.Free(native);
            ArrayPool<byte>.Shared.Return(samples);
        }
    }

    /// <summary>The plane in another size; every result is the mean of the area it covers, parts of pixels counted as parts. Rows from the top.</summary>
    public double[] Resize(int toWidth, int toHeight)
    {
        var narrow = new double[toWidth * Height];
        var sums = new int[Width + 1];
        for (var y = 0; y < Height; y++)
            ResizeLine(Pixels.Slice(y * Width, Width), sums, narrow.AsSpan(y * toWidth, toWidth));

        var result = new double[toWidth * toHeight];
        var step = (double)Height / toHeight;
        for (var row = 0; row < toHeight; row++)
        {
            var (top, bottom) = (row * step, Math.Min((row + 1) * step, Height));
            for (var y = (int)top; y < bottom; y++)
            {
                var share = (Math.Min(y + 1, bottom) - Math.Max(y, top)) / step;
                for (var x = 0; x < toWidth; x++)
                    result[row * toWidth + x] += share * narrow[y * toWidth + x];
            }
        }
        return result;
    }

    private static void FromRgb(ReadOnlySpan<byte> samples, int bands, Span<byte> luma)
    {
        for (int i = 0, s = 0; i < luma.Length; i++, s += bands)
            luma[i] = (byte)((299 * samples[s] + 587 * samples[s + 1] + 114 * samples[s + 2] + 500) / 1000);
    }

    // Running sums make the mean of any stretch of the line a difference of two.
    private static void ResizeLine(ReadOnlySpan<byte> line, Span<int> sums, Span<double> result)
    {
        for (var x = 0; x < line.Length; x++)
            sums[x + 1] = sums[x] + line[x];
        var step = (double)line.Length / result.Length;
        var before = 0.0;
        for (var column = 0; column < result.Length; column++)
        {
            var end = Math.Min((column + 1) * step, line.Length);
            var whole = (int)end;
            var after = sums[whole] + (whole < line.Length ? (end - whole) * line[whole] : 0);
            result[column] = (after - before) / step;
            before = after;
        }
    }
}
