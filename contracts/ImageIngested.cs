namespace Assay.Contracts;

/// <summary>The original is safe in bronze.</summary>
/// <param name="ImageId">The image's id.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Bronze">The original bytes.</param>
/// <param name="TwinOf">The earliest other image whose original has the same bytes, if there was one when this image came in. A stage may take its results over.</param>
public sealed record ImageIngested(Guid ImageId, Origin Origin, ObjectReference Bronze, Guid? TwinOf = null) : IImageEvent;
