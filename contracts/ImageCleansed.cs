namespace Assay.Contracts;

/// <summary>The harmonised copy is in silver.</summary>
/// <param name="ImageId">The image's id.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Bronze">The original bytes.</param>
/// <param name="MediaType">What the original's bytes are, e.g. <c>image/jpeg</c>; never what its name or header claims.</param>
/// <param name="RawSize">The original's size, upright.</param>
/// <param name="Silver">The harmonised copy.</param>
/// <param name="SilverSize">The copy's size.</param>
/// <param name="Recipe">The version of the recipe that made it.</param>
/// <param name="CleansedAt">When. UTC.</param>
/// <param name="TwinOf">The earliest other image whose original has the same bytes, if there was one when this image came in. A stage may take its results over.</param>
public sealed record ImageCleansed(
    Guid ImageId,
    Origin Origin,
    ObjectReference Bronze,
    string MediaType,
    PixelSize RawSize,
    ObjectReference Silver,
    PixelSize SilverSize,
    string Recipe,
    DateTime CleansedAt,
    Guid? TwinOf = null) : IImageEvent;
