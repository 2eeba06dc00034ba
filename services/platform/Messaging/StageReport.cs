using System.Diagnostics;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Hosting;
using MassTransit;

namespace Assay.Platform.Messaging;

/// <summary>What is known about a message when its stage is done with it. <see cref="TellOfImages{T}"/> tells it to whoever watches.</summary>
public sealed class StageReport
{
    /// <summary>The image; null as long as there is none.</summary>
    public Guid? ImageId { get; set; }

    /// <summary>The configured source.</summary>
    public string? Source { get; set; }

    /// <summary>Why the image was rejected; null if it was not.</summary>
    public string? Reason { get; set; }

    /// <summary>The same for a person.</summary>
    public string? Detail { get; set; }

    /// <summary>Whether the message was only one more hint about a known image: such are not counted.</summary>
    public bool IsRepeated { get; set; }
}

/// <summary>How consumers and filters add to it.</summary>
public static class StageReports
{
    /// <summary>Says which image has come of a message that names none.</summary>
    public static void ReportImage(this ConsumeContext context, ImageFact image, bool isNew)
    {
        ArgumentNullException.ThrowIfNull(image);
        Activity.Current.SetImage(image.Id, image.Source, Lane.StageOf(context.ReceiveContext), Meters.Done);
        if (!context.TryGetPayload(out StageReport? report))
            return;
        (report.ImageId, report.Source, report.IsRepeated) = (image.Id, image.Source, !isNew);
    }

    /// <summary>Says that the image was rejected.</summary>
    public static void ReportRejection(this ConsumeContext context, string reason, string detail)
    {
        if (context.TryGetPayload(out StageReport? report))
            (report.Reason, report.Detail) = (reason, detail);
    }
}
