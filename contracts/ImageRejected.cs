namespace Assay.Contracts;

/// <summary>A stage refused the image for good. Its bytes stay in bronze; a copy and the reason are in quarantine.</summary>
/// <param name="ImageId">The image's id.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Bronze">The original bytes.</param>
/// <param name="Stage">The stage that refused it.</param>
/// <param name="Reason">A stable reason code: see README.md beside this file.</param>
/// <param name="Detail">One sentence for a person.</param>
/// <param name="Quarantine">The copy in quarantine.</param>
/// <param name="RejectedAt">When. UTC.</param>
public sealed record ImageRejected(
    Guid ImageId,
    Origin Origin,
    ObjectReference Bronze,
    string Stage,
    string Reason,
    string Detail,
    ObjectReference Quarantine,
    DateTime RejectedAt) : IImageEvent;
