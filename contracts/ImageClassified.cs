namespace Assay.Contracts;

/// <summary>A model has said what the image shows. The end of the way for most images.</summary>
/// <param name="ImageId">The image's id.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Bronze">The original bytes.</param>
/// <param name="Gold">The gold image that was classified.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Label">The label with the highest score.</param>
/// <param name="Confidence">Its score, 0 to 1.</param>
/// <param name="Accepted">Whether the confidence reaches the package's threshold for this label; if not, a person should look.</param>
/// <param name="ClassifiedAt">When. UTC.</param>
public sealed record ImageClassified(
    Guid ImageId,
    Origin Origin,
    ObjectReference Bronze,
    ObjectReference Gold,
    ModelIdentity Model,
    string Label,
    double Confidence,
    bool Accepted,
    DateTime ClassifiedAt) : IImageEvent;
