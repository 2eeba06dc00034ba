namespace Assay.Contracts;

/// <summary>Gold holds the harmonised copy and a sidecar with everything that is known about the image.</summary>
/// <param name="ImageId">The image's id.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Bronze">The original bytes.</param>
/// <param name="Gold">The gold image: the silver one's bytes, under its final name.</param>
/// <param name="SidecarKey">The sidecar's key, in the gold image's bucket. It has no checksum here: it is completed when the label is known.</param>
/// <param name="Recipe">The recipe version of the silver image it was made from.</param>
/// <param name="Enricher">The version of the enricher that made it.</param>
/// <param name="EnrichedAt">When. UTC.</param>
/// <param name="TwinOf">The earliest other image whose original has the same bytes, if there was one when this image came in. A stage may take its results over.</param>
public sealed record ImageEnriched(
    Guid ImageId,
    Origin Origin,
    ObjectReference Bronze,
    ObjectReference Gold,
    string SidecarKey,
    string Recipe,
    string Enricher,
    DateTime EnrichedAt,
    Guid? TwinOf = null) : IImageEvent;
