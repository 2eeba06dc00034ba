using System.Buffers.Binary;
using Assay.Contracts;
using Shouldly;
using Xunit;

namespace Assay.Tests.Preprocess;

/// <summary>BMP, byte by byte, since what libraries write is not what old programs wrote.</summary>
public sealed class BitmapTests
{
    private const int Side = 32, FileHeader = 14, InfoHeader = 40, Os2Header = 64;

    private static readonly byte[] BlueThenRed = [255, 0, 0, 0, 0, 0, 255, 0];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_palette_is_looked_up_and_its_index_is_no_transparency(short bits)
    {
        // The left half in the first colour, the right half in the second.
        var second = (byte)(bits switch { 1 => 0xFF, 4 => 0x11, _ => 1 });
        var row = new byte[Side * bits / 8];
        row.AsSpan(row.Length / 2).Fill(second);
        var silver = Silver.Of(File(InfoHeader, bits, BlueThenRed, row));
        silver.Pixel(8, 16).ShouldBeNear([0, 0, 255], 3);
        silver.Pixel(24, 16).ShouldBeNear([255, 0, 0], 3);
    }

    [Fact]
    public void A_fourth_byte_that_the_format_does_not_use_is_no_transparency()
    {
        var row = Enumerable.Range(0, Side).SelectMany(x => new byte[] { 10, 20, 200, (byte)(x * 8) }).ToArray();
        var silver = Silver.Of(File(InfoHeader, 32, [], row));
        foreach (var x in new[] { 2, 16, 30 })
            silver.Pixel(x, 16).ShouldBeNear([200, 20, 10], 3);
    }

    [Fact]
    public void Bytes_behind_the_image_do_no_harm_and_missing_ones_are_found()
    {
        using var drawn = Drawn.Detailed(64, 64);
        var file = drawn.As("bmp");
        Silver.Of([.. file, 0, 1, 2]).PixelSha256.ShouldBe(Silver.Of(file).PixelSha256);
        foreach (var missing in new[] { 1, 1000, file.Length / 2 })
            Silver.Refusal(file[..^missing]).Reason.ShouldBe(RejectionReason.Truncated);
    }

    [Fact]
    public void A_bitmap_of_os2_is_refused_instead_of_shown_in_wrong_colours()
    {
        var refusal = Silver.Refusal(File(Os2Header, 8, BlueThenRed, new byte[Side]));
        refusal.Reason.ShouldBe(RejectionReason.UnsupportedFormat);
        refusal.Detail.ShouldContain("OS/2");
    }

    // Microsoft's BITMAPFILEHEADER and BITMAPINFOHEADER; the palette has blue, green, red and a spare byte; all rows are alike.
    private static byte[] File(int header, short bits, byte[] palette, byte[] row)
    {
        var file = new byte[FileHeader + header + palette.Length + Side * row.Length];
        "BM"u8.CopyTo(file);
        Write(2, file.Length);
        Write(10, FileHeader + header + palette.Length);
        Write(14, header);
        Write(18, Side);
        Write(22, Side);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), bits);
        Write(46, palette.Length / 4);
        palette.CopyTo(file, FileHeader + header);
        for (var y = 0; y < Side; y++)
            row.CopyTo(file, FileHeader + header + palette.Length + y * row.Length);
        return file;

        void Write(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
    }
}
