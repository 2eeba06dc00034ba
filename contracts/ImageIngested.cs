namespace Assay.Contracts;

/// <summary>The original is safe in bronze.</summary>
/// <param name="ImageId">The image's id.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Bronze">The original bytes.</param>
public sealed record ImageIngested(Guid ImageId, Origin Origin, ObjectReference Bronze) : IImageEvent;
