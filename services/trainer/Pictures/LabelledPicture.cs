namespace Assay.Trainer.Pictures;

/// <summary>A picture and the right answer.</summary>
/// <param name="Label">The right answer.</param>
/// <param name="Source">Where it comes from: a repository's name, or the renderer's. Pictures of one source resemble each other.</param>
/// <param name="File">The whole image file.</param>
internal sealed record LabelledPicture(string Label, string Source, byte[] File);
