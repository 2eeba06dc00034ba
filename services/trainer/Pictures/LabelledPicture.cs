namespace Assay.Trainer.Pictures;

/// <summary>A picture and the right answer.</summary>
/// <param name="Label">The right answer.</param>
/// <param name="Source">Where it comes from: a repository's name, or the renderer's. Pictures of one source resemble each other.</param>
/// <param name="File">The whole image file.</param>
/// <param name="Origin">Which of its source's pictures it is, for whoever wants to look at it; null for one that this program drew.</param>
internal sealed record LabelledPicture(string Label, string Source, byte[] File, string? Origin)
{
    /// <summary>Whether this program drew it, from nothing or from a photo.</summary>
    public bool IsDrawn => Origin is null;
}
