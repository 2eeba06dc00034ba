namespace Assay.Embedded.Models;

/// <summary>A picture whose label is known, and what a model says about it.</summary>
/// <param name="Name">What it is called: a file's path, or an image's id.</param>
/// <param name="Label">What it shows.</param>
/// <param name="Scores">The model's scores, in the order of its labels.</param>
/// <param name="OpenAsync">Reads the picture: a JPEG of at most 512 pixels a side.</param>
internal sealed record KnownPicture(string Name, string Label, float[] Scores, Func<CancellationToken, Task<byte[]>> OpenAsync);
