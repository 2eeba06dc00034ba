namespace Assay.Embedded.Models;

/// <summary>A picture whose label is known, and what a model says about it.</summary>
/// <param name="Picture">The picture.</param>
/// <param name="Scores">The model's scores, in the order of its labels.</param>
internal sealed record KnownPicture(LabelledPicture Picture, float[] Scores);
