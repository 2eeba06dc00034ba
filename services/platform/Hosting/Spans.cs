using System.Diagnostics;

namespace Assay.Platform.Hosting;

/// <summary>The spans that Assay itself adds to an image's trace; the bus, PostgreSQL's client and the web server add theirs. Where nobody listens none is made.</summary>
public static class Spans
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "Assay";

    /// <summary>Attribute: the image.</summary>
    public const string ImageId = "assay.image.id";

    /// <summary>Attribute: the configured source.</summary>
    public const string ImageSource = "assay.source";

    /// <summary>Attribute: the stage.</summary>
    public const string Stage = "assay.stage";

    /// <summary>Attribute: what became of it, as <see cref="Meters"/> has it.</summary>
    public const string Outcome = "assay.outcome";

    /// <summary>Attribute: why it was rejected.</summary>
    public const string Reason = "assay.reason";

    // 00-{trace}-{span}-{flags}: version 00 has no other length, and strangers write it.
    private const int TraceParentLength = 55;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The trace that this is part of, 32 lower-case hex digits; null where it is not recorded.</summary>
    public static string? TraceId => Activity.Current is { Recorded: true } span ? span.TraceId.ToHexString() : null;

    /// <summary>Begins a span; null where nobody listens.</summary>
    public static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) => Source.StartActivity(name, kind);

    /// <summary>Goes on in another trace, with a link to the present one. Null, and nothing changes, if that is where this is already, or where nobody listens.</summary>
    /// <param name="name">The span's name.</param>
    /// <param name="traceParent">The trace, as <see cref="Valid"/> returns it.</param>
    public static Activity? Join(string name, string? traceParent)
    {
        var present = Activity.Current;
        if (!ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var parent) || parent.TraceId == present?.TraceId)
            return null;
        return Source.StartActivity(name, ActivityKind.Consumer, parent, tags: null, present is null ? null : [new ActivityLink(present.Context)]);
    }

    /// <summary>The text if it is a <c>traceparent</c> of version 00; otherwise null.</summary>
    public static string? Valid(string? traceParent) =>
        traceParent is { Length: TraceParentLength } && ActivityContext.TryParse(traceParent, traceState: null, out _) ? traceParent : null;

    /// <summary>Says which image a span is about, and what became of it there.</summary>
    public static void SetImage(this Activity? span, Guid? imageId, string? source, string stage, string outcome, string? reason = null) => span?
        .SetTag(ImageId, imageId?.ToString())
        .SetTag(ImageSource, source)
        .SetTag(Stage, stage)
        .SetTag(Outcome, outcome)
        .SetTag(Reason, reason);
}
