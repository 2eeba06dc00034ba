using System.Threading.RateLimiting;
using Assay.Contracts;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using Assay.Platform.Pixels;
using Assay.Preprocess.Decoding;
using Assay.Preprocess.Formats;
using Assay.Preprocess.Steps;
using NetVips;

namespace Assay.Preprocess;

/// <summary>From an original to its silver image: bytes in, bytes out, no side effect. Safe for concurrent use.</summary>
public sealed class SilverTransform(PreprocessOptions options) : IDisposable
{
    /// <summary>What happens to the pixels, in this order.</summary>
    private static readonly PixelStep[] Steps = [SpareBands.Apply, Shrink.Apply, ToDisplayRange.Apply, ToSrgb.Apply, Flatten.Apply, Upright.Apply];

    private static readonly IImageDecoder[] Decoders = [new VipsDecoder(), new MagickDecoder()];

    // First come, first served: a large image waits for its turn and then gets it. There are never more in the queue than the bus hands out at once.
    private readonly ConcurrencyLimiter memory = new(new()
    {
        PermitLimit = options.MaxDecodeMemory,
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>The recipe this transform follows.</summary>
    public Recipe Recipe { get; } = Recipe.From(options);

    /// <summary>Refuses an original by its size alone: to be asked before it is read, since <see cref="Apply"/> needs it in memory.</summary>
    /// <exception cref="InvalidImageException">It has no bytes, or too many.</exception>
    public void RequireSize(long bytes)
    {
        if (bytes == 0)
            throw new InvalidImageException(RejectionReason.Empty, "The file has no bytes.");
        if (bytes > options.MaxBytes)
            throw new InvalidImageException(RejectionReason.TooManyBytes, $"The file has {bytes:N0} bytes; the limit is {options.MaxBytes:N0}.");
    }

    /// <summary>Makes the silver image.</summary>
    /// <exception cref="InvalidImageException">The file itself is at fault, and always will be.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; a decode that was running has been stopped.</exception>
    public SilverImage Apply(byte[] raw, CancellationToken ct) => Develop(Examine(raw, ct), ct);

    /// <summary>As <see cref="Apply"/>, once the images that are at work here leave it the memory that it needs (<see cref="PreprocessOptions.MaxDecodeMemory"/>).</summary>
    /// <exception cref="InvalidImageException">The file itself is at fault, and always will be.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; a decode that was running has been stopped.</exception>
    public Task<SilverImage> ApplyInTurnAsync(byte[] raw, CancellationToken ct) => ApplyAsync(raw, WaitForRoomAsync, ct);

    /// <summary>As <see cref="Apply"/>, once the memory that it needs, in MiB, is there. It is given back at the end.</summary>
    internal async Task<SilverImage> ApplyAsync(byte[] raw, Func<int, CancellationToken, Task<IDisposable?>> waitForRoom, CancellationToken ct)
    {
        var original = Examine(raw, ct);
        using var room = await waitForRoom((int)(original.Header.DecodeBytes / HeaderLimits.MiB), ct);
        return Develop(original, ct);
    }

    /// <summary>Waits until the images at work here leave so much memory, in MiB; where it is more than there is at all, until there is none at work.</summary>
    internal async Task<IDisposable?> WaitForRoomAsync(int mebibytes, CancellationToken ct) =>
        await memory.AcquireAsync(Math.Min(mebibytes, options.MaxDecodeMemory), ct);

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();

    // What can be known without decoding a pixel.
    private Original Examine(byte[] raw, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(raw);
        ct.ThrowIfCancellationRequested();
        Vips.Prepare();
        RequireSize(raw.Length);
        var kind = Sniffer.Identify(raw);
        var format = kind.RequireReadable();
        var decoder = Decoders.Single(d => d.Formats.Contains(format));
        var header = decoder.ReadHeader(raw, format, Recipe.MaxSide);
        HeaderLimits.Check(header, options);
        return new(raw, kind.MediaType, format, decoder, header);
    }

    private SilverImage Develop(Original original, CancellationToken ct)
    {
        var header = original.Header;
        using var cpu = DecodeCpu.Measure();
        using var pixels = ComputePixels(original, ct);
        return new(
            Encode(pixels),
            original.MediaType,
            header.IsLyingOnItsSide ? header.Height : header.Width,
            header.IsLyingOnItsSide ? header.Width : header.Height,
            header.Frames,
            pixels.Width,
            pixels.Height,
            PixelHash.Of(pixels));
    }

    private byte[] Encode(Image pixels)
    {
        using var span = Spans.Start("encode");
        return pixels.JpegsaveBuffer(q: Recipe.Quality, keep: Enums.ForeignKeep.None);
    }

    private Image ComputePixels(Original original, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.DecodeTimeout);
        try
        {
            try
            {
                return Decode(original, deadline.Token);
            }
            catch (VipsException) when (original.Format == ImageFormat.Jpeg && !deadline.IsCancellationRequested)
            {
                JpegWarnings.RequireHarmless(original.File, deadline.Token);
                return Decode(original with { Header = original.Header with { WarningsAreHarmless = true } }, deadline.Token);
            }
        }
        catch (Exception e) when (deadline.IsCancellationRequested && e is VipsException or InvalidImageException)
        {
            ct.ThrowIfCancellationRequested();
            throw new InvalidImageException(RejectionReason.DecodeTimeout, $"Decoding took longer than the limit of {options.DecodeTimeout.TotalSeconds:0.##} s.", e);
        }
        catch (VipsException e)
        {
            throw Damage.Found(original.File, original.Format, e);
        }
    }

    private Image Decode(Original original, CancellationToken stop)
    {
        using var span = Spans.Start("decode");
        using var decoded = original.Decoder.Decode(original.File, original.Format, original.Header, stop);
        // libvips asks each image of a pipeline, whenever it pulls pixels from it, whether it has been killed.
        using var kill = stop.Register(() => decoded.Pixels.SetKill(true));
        return Run(decoded.Pixels);
    }

    // Here the pixels are computed; up to now they were a plan. Where libvips decodes while it shrinks, both are in this span.
    private Image Run(Image image)
    {
        using var span = Spans.Start("resize");
        var current = image;
        foreach (var step in Steps)
        {
            var next = step(current, Recipe);
            if (!ReferenceEquals(current, image) && !ReferenceEquals(current, next))
                current.Dispose();
            current = next;
        }
        var pixels = current.CopyMemory();
        if (!ReferenceEquals(current, image))
            current.Dispose();
        return pixels;
    }

    private sealed record Original(byte[] File, string MediaType, ImageFormat Format, IImageDecoder Decoder, ImageHeader Header);
}
