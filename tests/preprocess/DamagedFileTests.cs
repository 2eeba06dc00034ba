using Assay.Contracts;
using Assay.Platform.Messaging;
using CsCheck;
using Shouldly;
using Xunit;

namespace Assay.Tests.Preprocess;

/// <summary>However a file is damaged, the answer is a silver image or a refusal; never another exception, which would be retried for ever.</summary>
public sealed class DamagedFileTests
{
    private static readonly string[] Formats =
    [
        "jpeg", "progressive jpeg", "png", "interlaced png", "webp", "gif", "tiff", "tiled tiff", "big tiff", "avif", "bmp", "jpeg xl", "jpeg 2000",
        "jpeg 2000 codestream",
    ];

    private static readonly Lazy<byte[][]> Files = new(() =>
    {
        using var drawn = Drawn.Detailed(90, 70);
        return [.. Formats.Select(drawn.As)];
    });

    [Fact]
    public void Any_prefix_of_any_file_becomes_silver_or_is_refused() =>
        Gen.Select(Gen.Int[0, Formats.Length - 1], Gen.Double[0, 1]).Sample((format, share) =>
        {
            var file = Files.Value[format];
            Outcome(file[..(int)(file.Length * share)]);
        }, iter: 1500, threads: 1, print: t => Formats[t.Item1] + " " + t.Item2);

    [Fact]
    public void A_jpeg_without_its_end_is_never_called_corrupt()
    {
        var file = Files.Value[0];
        for (var length = 1; length < file.Length - 2; length++)
        {
            string[] expected = length < 3 ? [RejectionReason.NotAnImage] : [RejectionReason.Truncated];
            expected.ShouldContain(Outcome(file[..length]), $"{length} of {file.Length} bytes");
        }
    }

    [Fact]
    public void A_file_with_some_wrong_bytes_becomes_silver_or_is_refused() =>
        Gen.Select(Gen.Int[0, Formats.Length - 1], Gen.Select(Gen.Double[0, 0.9999], Gen.Byte).Array[1, 12]).Sample((format, changes) =>
        {
            var file = (byte[])Files.Value[format].Clone();
            foreach (var (place, value) in changes)
                file[(int)(place * place * file.Length)] = value;
            Outcome(file);
        }, iter: 1500, threads: 1, print: t => Formats[t.Item1] + " " + string.Join(", ", t.Item2));

    [Fact]
    public void Random_bytes_behind_a_true_signature_are_refused()
    {
        Gen.Select(Gen.Int[0, Formats.Length - 1], Gen.Byte.Array[0, 400]).Sample((format, bytes) =>
        {
            byte[] file = [.. Files.Value[format][..12], .. bytes];
            Outcome(file).ShouldBeOneOf(RejectionReason.Corrupt, RejectionReason.Truncated, RejectionReason.TooManyPixels, RejectionReason.UnsupportedFormat);
        }, iter: 500, threads: 1);
    }

    private static string Outcome(byte[] file)
    {
        try
        {
            Silver.Of(file);
            return "silver";
        }
        catch (InvalidImageException refusal)
        {
            Silver.Reasons.ShouldContain(refusal.Reason);
            return refusal.Reason;
        }
    }
}
