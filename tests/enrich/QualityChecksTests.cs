using Assay.Contracts;
using Assay.Enrich;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using Shouldly;
using Xunit;

namespace Assay.Tests.Enrich;

public sealed class QualityChecksTests
{
    private static readonly QualityInput Good = new(
        "a.jpg", null, "image/jpeg", new PixelSize(640, 480), new Measurements(500, 0.5, 0.2, 7, 0.3, 0), new DateTime(2024, 5, 6), PerceptualHash.Bits);

    private static QualityVerdict Judge(string rule, QualityInput input, EnrichOptions? options = null) =>
        QualityChecks.Judge(input, options ?? new()).Single(verdict => verdict.Rule == rule);

    [Fact]
    public void A_good_photograph_passes_every_rule_and_each_says_so_once()
    {
        var verdicts = QualityChecks.Judge(Good, new());
        verdicts.Select(verdict => verdict.Rule).ShouldBe([
            "too-small", "extreme-aspect-ratio", "blurred", "too-dark", "too-bright", "low-contrast", "near-uniform", "type-mismatch", "missing-capture-time",
            "near-duplicate"]);
        verdicts.ShouldAllBe(verdict => verdict.Verdict == QualityOutcome.Pass && verdict.RuleVersion == 1);
    }

    [Theory]
    [InlineData("too-small", 64, 63, 64)]
    [InlineData("extreme-aspect-ratio", 4, 4.01, 4)]
    [InlineData("blurred", 100, 99.99, 100)]
    [InlineData("too-dark", 0.1, 0.0999, 0.1)]
    [InlineData("too-bright", 0.98, 0.9801, 0.98)]
    [InlineData("low-contrast", 0.05, 0.0499, 0.05)]
    [InlineData("near-uniform", 0.99, 0.9901, 0.99)]
    [InlineData("near-duplicate", 6, 5, 6)]
    public void On_its_threshold_a_rule_passes_and_just_beyond_it_warns(string rule, double passes, double warns, double threshold)
    {
        var on = Judge(rule, With(rule, passes));
        on.ShouldBe(new QualityVerdict(rule, 1, passes, threshold, QualityOutcome.Pass));
        var beyond = Judge(rule, With(rule, warns));
        beyond.ShouldBe(new QualityVerdict(rule, 1, warns, threshold, QualityOutcome.Warn));
    }

    [Theory]
    [InlineData("too-small")]
    [InlineData("extreme-aspect-ratio")]
    [InlineData("blurred")]
    [InlineData("too-dark")]
    [InlineData("too-bright")]
    [InlineData("low-contrast")]
    [InlineData("near-uniform")]
    public void The_operators_threshold_counts_and_stands_in_the_verdict(string rule)
    {
        var options = new EnrichOptions
        {
            MinShorterSide = 481, MaxAspectRatio = 1.3, MinSharpness = 501, MinBrightness = 0.6, MaxBrightness = 0.4, MinContrast = 0.3, MaxUniformity = 0.2,
        };
        var verdict = Judge(rule, Good, options);
        verdict.Verdict.ShouldBe(QualityOutcome.Warn);
        verdict.Threshold.ShouldNotBe(Judge(rule, Good).Threshold);
    }

    [Theory]
    [InlineData(100, 401)]
    [InlineData(401, 100)]
    public void Lying_or_standing_makes_no_difference(int width, int height)
    {
        Judge("extreme-aspect-ratio", Good with { RawSize = new(width, height) }).Value.ShouldBe(4.01);
        Judge("too-small", Good with { RawSize = new(width, height) }).Value.ShouldBe(100);
    }

    [Theory]
    [InlineData("holiday.JPG", "image/jpeg", QualityOutcome.Pass)]
    [InlineData("holiday.jpeg", "image/jpeg", QualityOutcome.Pass)]
    [InlineData("holiday.png", "image/jpeg", QualityOutcome.Warn)]
    [InlineData("holiday.jpg", "image/heic", QualityOutcome.Warn)]
    [InlineData("holiday.heif", "image/heic", QualityOutcome.Pass)]
    [InlineData("holiday.heic", "image/heif", QualityOutcome.Pass)]
    [InlineData("scan.tif", "image/tiff", QualityOutcome.Pass)]
    [InlineData("scan.tiff", "image/tiff", QualityOutcome.Pass)]
    [InlineData("scan.j2k", "image/j2c", QualityOutcome.Pass)]
    [InlineData("scan.jxl", "image/jxl", QualityOutcome.Pass)]
    [InlineData("scan.bmp", "image/bmp", QualityOutcome.Pass)]
    [InlineData("scan.avif", "image/avif", QualityOutcome.Pass)]
    [InlineData("scan.webp", "image/webp", QualityOutcome.Pass)]
    [InlineData("scan.gif", "image/gif", QualityOutcome.Pass)]
    [InlineData("report.pdf", "image/jpeg", QualityOutcome.Warn)]
    [InlineData("no extension", "image/png", QualityOutcome.Pass)]
    [InlineData("version.2", "image/png", QualityOutcome.Pass)]
    [InlineData("", "image/png", QualityOutcome.Pass)]
    public void A_name_that_claims_another_type_than_the_bytes_are_warns(string name, string mediaType, QualityOutcome outcome) =>
        Judge("type-mismatch", Good with { RawName = name, MediaType = mediaType }).Verdict.ShouldBe(outcome);

    [Theory]
    [InlineData(null, QualityOutcome.Pass)]
    [InlineData("image/jpeg", QualityOutcome.Pass)]
    [InlineData("image/jpg", QualityOutcome.Pass)]
    [InlineData("image/pjpeg", QualityOutcome.Pass)]
    [InlineData("image/png", QualityOutcome.Warn)]
    [InlineData("text/html", QualityOutcome.Warn)]
    public void A_declared_type_that_is_not_what_the_bytes_are_warns(string? declared, QualityOutcome outcome) =>
        Judge("type-mismatch", Good with { DeclaredType = declared }).Verdict.ShouldBe(outcome);

    [Fact]
    public void A_picture_without_a_capture_time_warns() =>
        Judge("missing-capture-time", Good with { CapturedAt = null }).ShouldBe(new QualityVerdict("missing-capture-time", 1, 1, 0, QualityOutcome.Warn));

    [Fact]
    public void Nothing_blocks_unless_the_operator_says_so()
    {
        var black = Sample.Grey(64, 64, (_, _) => 0);
        var findings = Examine(new Enricher(new()), Sample.Bare, black);
        findings.Verdicts.Count(verdict => verdict.Verdict == QualityOutcome.Warn).ShouldBeGreaterThan(3);
    }

    [Fact]
    public void A_blocking_rule_that_warns_rejects_with_its_numbers()
    {
        var enricher = new Enricher(new() { BlockingRules = ["too-dark", "too-small"] });
        var refusal = Should.Throw<InvalidImageException>(() => Examine(enricher, Sample.Bare, Sample.Grey(64, 64, (_, _) => 0)));
        refusal.Reason.ShouldBe(RejectionReason.LowQuality);
        refusal.Detail.ShouldBe("Blocking quality rules warn: too-dark (0, threshold 0.1).");
    }

    [Fact]
    public void A_blocking_rule_that_passes_lets_the_image_go_on_whatever_the_others_say()
    {
        var enricher = new Enricher(new() { BlockingRules = ["too-small"] });
        Examine(enricher, Sample.Bare, Sample.Grey(64, 64, (_, _) => 0)).Verdicts
            .ShouldContain(verdict => verdict.Rule == "too-dark" && verdict.Verdict == QualityOutcome.Warn);
    }

    [Fact]
    public void Findings_hold_what_the_original_says_and_what_silver_measures()
    {
        var original = new ExifWriter().Image(0x010F, "Maker").Photo(0x9003, "2024:05:06 07:08:09").In(Sample.Bare);
        var findings = Examine(new Enricher(new()), original, Sample.Grey(64, 64, (_, _) => 255));
        findings.Metadata.CameraMake.ShouldBe("Maker");
        findings.Measurements.Brightness.ShouldBe(1);
        findings.Verdicts.Single(verdict => verdict.Rule == "missing-capture-time").Verdict.ShouldBe(QualityOutcome.Pass);
    }

    [Fact]
    public void Keeping_positions_makes_another_version() =>
        new Enricher(new() { KeepGps = true }).Version.ShouldNotBe(new Enricher(new()).Version);

    private static Findings Examine(Enricher enricher, byte[] bronze, byte[] silver) => enricher.Judge(Sample.Event(), enricher.Examine(bronze, "image/jpeg", silver), PerceptualHash.Bits);

    private static QualityInput With(string rule, double value) => rule switch
    {
        "too-small" => Good with { RawSize = new PixelSize(100, (int)value) },
        "extreme-aspect-ratio" => Good with { RawSize = new PixelSize((int)(value * 100), 100) },
        "blurred" => Good with { Measurements = Good.Measurements with { Sharpness = value } },
        "too-dark" or "too-bright" => Good with { Measurements = Good.Measurements with { Brightness = value } },
        "low-contrast" => Good with { Measurements = Good.Measurements with { Contrast = value } },
        "near-duplicate" => Good with { NearestDistance = (int)value },
        "near-uniform" => Good with { Measurements = Good.Measurements with { Uniformity = value } },
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "Not a rule with a number."),
    };
}
