using Assay.Platform.Catalog.Facts;

namespace Assay.Tests.Platform.Catalog;

/// <summary>Facts with every field set, for one image after the other.</summary>
internal static class Sample
{
    public const string Recipe = "1-512-q85-ffffff";

    public static readonly DateTime Noon = new DateTime(2026, 3, 14, 12, 0, 0, DateTimeKind.Utc).AddTicks(1234560);

    public static ImageFact Image(string path, DateTime? ingestedAt = null, string source = "landing", string? batch = "batch", string? userId = "ännä") => new()
    {
        Id = Guid.NewGuid(),
        Source = source,
        RawPath = path,
        Version = "etag-1",
        Batch = batch,
        UserId = userId,
        RawName = path,
        UploadedAt = Noon.AddDays(-1),
        IngestedAt = ingestedAt ?? Noon,
        BronzeBucket = "bronze",
        BronzeKey = $"b/{path}",
        Bytes = 5_000_000_000,
        Sha256 = new string('b', 64),
    };

    public static CleansedFact Cleansed(ImageFact image, string recipe = Recipe, int minute = 1) => new()
    {
        ImageId = image.Id,
        Recipe = recipe,
        MediaType = "image/heic",
        RawWidth = 4032,
        RawHeight = 3024,
        Frames = 2,
        Width = 512,
        Height = 384,
        PixelSha256 = new string('p', 64),
        SilverBucket = "silver",
        SilverKey = $"{recipe}/{image.RawPath}",
        Bytes = 4711,
        Sha256 = new string('s', 64),
        CleansedAt = Noon.AddMinutes(minute),
    };

    public static EnrichedFact Enriched(ImageFact image, string recipe = Recipe, int minute = 2) =>
        Enriched(image, """{"cameraMake": "Apple", "description": "ß \"x\""}""", new DateTime(2020, 2, 29, 23, 59, 58), unchecked((long)0xF00D_0000_0000_0001), 812.25, recipe, minute);

    public static EnrichedFact Enriched(
        ImageFact image, string metadata, DateTime? capturedAt, long perceptualHash, double sharpness, string recipe = Recipe, int minute = 2) => new()
    {
        ImageId = image.Id,
        Recipe = recipe,
        Enricher = "1",
        Metadata = metadata,
        CapturedAt = capturedAt,
        PerceptualHash = perceptualHash,
        Sharpness = sharpness,
        Brightness = 0.5,
        Contrast = 0.125,
        Entropy = 7.5,
        GoldBucket = "gold",
        GoldKey = $"g/{image.RawPath}",
        SidecarKey = $"g/{image.RawPath}.json",
        Bytes = 4711,
        Sha256 = new string('s', 64),
        EnrichedAt = Noon.AddMinutes(minute),
    };

    public static QualityFact Quality(ImageFact image, string rule = "blurred", string verdict = "warn") => new()
    {
        ImageId = image.Id,
        Recipe = Recipe,
        Enricher = "1",
        Rule = rule,
        RuleVersion = 1,
        Value = 12.5,
        Threshold = 100,
        Verdict = verdict,
    };

    public static PredictionFact Prediction(ImageFact image, string label = "photo", string role = "active", string recipe = Recipe, int minute = 3, string model = "image-kinds", Guid? id = null, string version = "1.0.0", string doubts = "") => new()
    {
        Id = id ?? Guid.NewGuid(),
        ImageId = image.Id,
        Recipe = recipe,
        Model = model,
        ModelVersion = version,
        PackageSha256 = Package(version),
        ModelSha256 = new string('m', 64),
        PreprocessingHash = new string('e', 64),
        LabelMapHash = new string('l', 64),
        Role = role,
        Label = label,
        Confidence = 0.875,
        Accepted = true,
        Scores = [0.125f, 0.875f],
        Margin = 0.75,
        Energy = -3.25,
        Doubts = doubts,
        DurationMs = 3.5,
        PredictedAt = Noon.AddMinutes(minute),
    };

    public static RejectionFact Rejection(ImageFact image, string stage = "preprocess", string reason = "truncated", int minute = 1) => new()
    {
        ImageId = image.Id,
        Stage = stage,
        Reason = reason,
        Detail = "The image ends too early.",
        QuarantineBucket = "quarantine",
        QuarantineKey = $"q/{image.RawPath}",
        RejectedAt = Noon.AddMinutes(minute),
    };

    public static ModelFact Model(string version = "1.0.0") => new()
    {
        Name = "image-kinds",
        Version = version,
        PackageSha256 = Package(version),
        Sha256 = new string('m', 64),
        PreprocessingHash = new string('e', 64),
        LabelMapHash = new string('l', 64),
        Question = "What kind of image is this?",
        Licence = "Apache-2.0",
        Bytes = 1234,
        Labels = ["chart", "photo, \"quoted\""],
        RegisteredAt = Noon,
    };

    public static ModelTransitionFact Transition(int number, string state = "active", string version = "1.0.0", int minute = 0) => new()
    {
        Name = "image-kinds",
        Number = number,
        Version = version,
        State = state,
        ChangedBy = "somebody",
        ChangedAt = Noon.AddMinutes(minute),
    };

    public static VerdictFact Verdict(ImageFact image, string label = "drawing", int minute = 20) => new()
    {
        Id = Guid.NewGuid(),
        ImageId = image.Id,
        Model = "image-kinds",
        Label = label,
        Reviewer = "somebody",
        Reason = "It is drawn.",
        PredictionId = Guid.NewGuid(),
        DecidedAt = Noon.AddMinutes(minute),
    };

    private static string Package(string version) => version.PadRight(64, 'p');
}
