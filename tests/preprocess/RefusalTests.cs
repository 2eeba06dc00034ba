using System.Text;
using Assay.Contracts;
using Assay.Platform.Pixels;
using Assay.Preprocess;
using Shouldly;
using Xunit;

namespace Assay.Tests.Preprocess;

/// <summary>What is refused, and that the reason is the right one: people and programs act on it.</summary>
public sealed class RefusalTests
{
    [Fact]
    public void No_bytes_are_empty() => Silver.Refusal([]).Reason.ShouldBe(RejectionReason.Empty);

    [Theory]
    [InlineData("hello, this is a text")]
    [InlineData("{ \"image\": null }")]
    [InlineData("<!doctype html><img src='x.png'>")]
    [InlineData("PK\u0003\u0004 a document")]
    [InlineData("\0\0\0\u0018ftypmp42\0\0\0\0mp42isom")]
    [InlineData("\0")]
    [InlineData("\u007fELF and so on")]
    public void What_is_no_image_is_called_that_and_by_its_name(string content)
    {
        var refusal = Silver.Refusal(Encoding.Latin1.GetBytes(content));
        refusal.Reason.ShouldBe(RejectionReason.NotAnImage);
        refusal.Detail.ShouldStartWith("The file is not an image: it seems to be ");
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing")]
    [InlineData("<?xml version='1.0'?><!-- x --><svg/>", "an SVG drawing")]
    [InlineData("%PDF-1.7 and so on", "a PDF document")]
    [InlineData("8BPS\0\u0001", "a Photoshop document")]
    [InlineData("P6\n1 1\n255\nabc", "a Netpbm image")]
    [InlineData("\0\0\u0001\0\u0001\0", "a Windows icon")]
    public void A_picture_of_another_kind_is_unsupported_and_the_sentence_says_what_would_work(string content, string kind)
    {
        var refusal = Silver.Refusal(Encoding.Latin1.GetBytes(content));
        refusal.Reason.ShouldBe(RejectionReason.UnsupportedFormat);
        refusal.Detail.ShouldBe($"The file seems to be {kind}, which Assay does not read. Convert it to JPEG, PNG, WebP, TIFF, AVIF or HEIC.");
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("progressive jpeg")]
    [InlineData("png")]
    [InlineData("interlaced png")]
    [InlineData("webp")]
    [InlineData("gif")]
    [InlineData("tiff")]
    [InlineData("tiled tiff")]
    [InlineData("avif")]
    [InlineData("bmp")]
    [InlineData("jpeg 2000")]
    public void A_file_cut_in_half_is_truncated(string format)
    {
        using var drawn = Drawn.Detailed(600, 400);
        var whole = drawn.As(format);
        Silver.Of(whole).Width.ShouldBe(512);
        Silver.Refusal(whole[..(whole.Length / 2)]).Reason.ShouldBe(RejectionReason.Truncated);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("gif")]
    [InlineData("webp")]
    [InlineData("avif")]
    public void A_whole_file_with_wrong_bytes_is_corrupt_not_truncated(string format)
    {
        using var drawn = Drawn.Detailed(600, 400);
        var file = drawn.As(format);
        file.AsSpan(file.Length / 3, file.Length / 3).Fill(0xA5);
        Silver.Refusal(file).Reason.ShouldBe(RejectionReason.Corrupt);
    }

    // The decoder paints over the damage, goes on, and only warns.
    [Theory]
    [InlineData("jpeg")]
    [InlineData("progressive jpeg")]
    public void A_jpeg_that_lacks_something_in_the_middle_is_corrupt_and_not_silently_half_grey(string format)
    {
        using var drawn = Drawn.Detailed(600, 400);
        var file = drawn.As(format);
        Silver.Refusal([.. file[..(file.Length / 2)], .. file[(file.Length * 2 / 3)..]]).Reason.ShouldBe(RejectionReason.Corrupt);
    }

    [Fact]
    public void A_jpeg_whose_header_promises_more_rows_than_it_has_is_not_read()
    {
        using var drawn = Drawn.Detailed(600, 400);
        var file = drawn.As("jpeg");
        // Start of frame: marker, length, precision, height.
        file[file.AsSpan().IndexOf((byte[])[0xFF, 0xC0]) + 5]++;
        Silver.Refusal(file).Reason.ShouldBe(RejectionReason.Corrupt);
    }

    [Fact]
    public void Spare_bytes_between_a_jpegs_segments_do_no_harm()
    {
        using var drawn = Drawn.Detailed(600, 400);
        var file = drawn.As("jpeg");
        var tables = file.AsSpan().IndexOf((byte[])[0xFF, 0xDB]);
        Silver.Of([.. file[..tables], 1, 2, 3, .. file[tables..]]).PixelSha256.ShouldBe(Silver.Of(file).PixelSha256);
    }

    [Fact]
    public void Texts_that_unpack_to_gigabytes_are_not_unpacked()
    {
        using var drawn = Drawn.Detailed(64, 64);
        var (plain, packed) = (drawn.As("png"), PngChunk.PackedText(8_000_000));
        // Behind the signature and the header chunk.
        byte[] bomb = [.. plain[..33], .. Enumerable.Repeat(packed, 200).SelectMany(chunk => chunk), .. plain[33..]];
        var before = Environment.WorkingSet;
        Silver.Of(bomb).PixelSha256.ShouldBe(Silver.Of(plain).PixelSha256);
        (Environment.WorkingSet - before).ShouldBeLessThan(500_000_000);
    }

    [Fact]
    public void An_animation_of_millions_of_frames_is_refused_before_they_are_listed()
    {
        using var drawn = Drawn.Plain(1, 1, Drawn.Red);
        var gif = drawn.As("gif");
        var frame = gif.AsSpan(gif.AsSpan().LastIndexOf((byte)0x2C)..^1).ToArray();
        Silver.Refusal([.. gif[..^1], .. Enumerable.Repeat(frame, 1_100_000).SelectMany(bytes => bytes), 0x3B]).Reason.ShouldBe(RejectionReason.TooManyFrames);
    }

    [Fact]
    public void What_the_decoder_says_is_in_the_sentence_on_one_line_and_not_at_length()
    {
        using var drawn = Drawn.Detailed(600, 400);
        var jpeg = drawn.As("jpeg");
        var detail = Silver.Refusal(jpeg[..(jpeg.Length / 2)]).Detail;
        detail.ShouldContain("premature end");
        detail.ShouldNotContain("\n");
        detail.Length.ShouldBeLessThan(300);
    }

    [Fact]
    public void One_byte_over_the_limit_is_too_many_before_the_file_is_looked_at()
    {
        var options = new PreprocessOptions { MaxBytes = 100 };
        Silver.Refusal(new byte[101], options).Reason.ShouldBe(RejectionReason.TooManyBytes);
        Silver.Refusal(new byte[100], options).Reason.ShouldBe(RejectionReason.NotAnImage);
        Should.NotThrow(() => new SilverTransform(options).RequireSize(100));
        Silver.Refusal(new byte[101], options).Detail.ShouldBe("The file has 101 bytes; the limit is 100.");
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("tiff")]
    [InlineData("webp")]
    [InlineData("gif")]
    [InlineData("bmp")]
    [InlineData("jpeg xl")]
    [InlineData("avif")]
    public void One_pixel_over_the_limit_is_too_many(string format)
    {
        using var drawn = Drawn.Detailed(100, 50);
        var file = drawn.As(format);
        Silver.Refusal(file, new PreprocessOptions { MaxPixels = 4999 }).Reason.ShouldBe(RejectionReason.TooManyPixels);
        Silver.Of(file, new PreprocessOptions { MaxPixels = 5000 }).RawWidth.ShouldBe(100);
    }

    [Theory]
    [InlineData("jpeg", false)]
    [InlineData("progressive jpeg", true)]
    [InlineData("png", false)]
    [InlineData("interlaced png", true)]
    [InlineData("tiff", false)]
    [InlineData("gif", true)]
    [InlineData("webp", true)]
    [InlineData("avif", true)]
    [InlineData("bmp", true)]
    [InlineData("jpeg xl", true)]
    public void What_must_be_held_whole_is_refused_where_what_streams_is_not(string format, bool isRefused)
    {
        using var drawn = Drawn.Plain(3000, 3000, Drawn.Red);
        var options = new PreprocessOptions { MaxDecodeMemory = 32 };
        if (!isRefused)
        {
            Silver.Of(drawn.As(format), options).RawWidth.ShouldBe(3000);
            return;
        }
        var refusal = Silver.Refusal(drawn.As(format), options);
        refusal.Reason.ShouldBe(RejectionReason.TooManyPixels);
        refusal.Detail.ShouldMatch("^The image is 3,000 × 3,000 pixels of a kind that takes some [0-9]+ MiB to decode; the limit is 32 MiB\\.$");
        Silver.Of(drawn.As(format)).RawWidth.ShouldBe(3000);
    }

    [Fact]
    public async Task Images_that_have_no_room_beside_each_other_wait_and_all_get_done()
    {
        using var drawn = Drawn.Plain(2000, 2000, Drawn.Red);
        var file = drawn.As("bmp");
        using var transform = new SilverTransform(new() { MaxDecodeMemory = 50 });
        var silver = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => transform.ApplyInTurnAsync(file, CancellationToken.None))));
        silver.Select(image => image.PixelSha256).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("gif")]
    [InlineData("webp")]
    [InlineData("tiff")]
    public void Every_frame_counts_and_the_first_is_shown(string format)
    {
        // One below the other: libvips' way to hold frames.
        using var strip = Drawn.Each(40, 90, 3, (_, y) => y < 30 ? Drawn.Red : y < 60 ? [0, 0, 255] : [0, 255, 0]);
        using var animation = strip.Mutate(header => header.Set(NetVips.GValue.GIntType, "page-height", 30));
        var file = animation.As(format);
        var silver = Silver.Of(file);
        (silver.Frames, silver.RawWidth, silver.RawHeight).ShouldBe((3, 40, 30));
        silver.Pixel(20, 15).ShouldBeNear(Drawn.Red, 3);
        Silver.Refusal(file, new PreprocessOptions { MaxFrames = 2 }).Reason.ShouldBe(RejectionReason.TooManyFrames);
        Silver.Refusal(file, new PreprocessOptions { MaxPixels = 3 * 1200 - 1 }).Reason.ShouldBe(RejectionReason.TooManyPixels);
    }

    [Theory]
    [InlineData("png", 16_000)]
    [InlineData("webp", 7_000)]
    [InlineData("jpeg xl", 4_000)]
    public void Decoding_stops_when_its_time_is_up(string format, int side)
    {
        // Large, so that even a timer that comes late on a busy machine comes in time.
        Vips.Prepare();
        using var large = NetVips.Image.Black(side, side).Copy(interpretation: NetVips.Enums.Interpretation.Bw);
        var options = new PreprocessOptions { DecodeTimeout = TimeSpan.FromMilliseconds(10), MaxDecodeMemory = 1_000 };
        var refusal = Silver.Refusal(large.As(format), options);
        refusal.Reason.ShouldBe(RejectionReason.DecodeTimeout);
        refusal.Detail.ShouldBe("Decoding took longer than the limit of 0.01 s.");
    }

    [Fact]
    public void A_stop_that_was_asked_for_is_no_fault_of_the_image()
    {
        using var drawn = Drawn.Detailed(100, 50);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Should.Throw<OperationCanceledException>(() => new SilverTransform(new()).Apply(drawn.As("png"), stopped.Token));
    }

    [Fact]
    public void A_stop_in_the_middle_is_no_fault_of_the_image_either()
    {
        Vips.Prepare();
        using var large = NetVips.Image.Black(16_000, 16_000).Copy(interpretation: NetVips.Enums.Interpretation.Bw);
        var file = large.As("png");
        using var stopping = new CancellationTokenSource();
        var stopper = new Thread(stopping.Cancel);
        stopper.Start();
        Should.Throw<OperationCanceledException>(() => new SilverTransform(new()).Apply(file, stopping.Token));
        stopper.Join();
    }
}
