namespace Assay.Ingest.Local;

/// <summary>A file or folder that was found and is not taken in.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Why">The rest of a sentence that begins with the path.</param>
/// <param name="IsFailure">Whether somebody has to do something about it; otherwise it is as it should be, and only said.</param>
public sealed record PassedOver(string Path, string Why, bool IsFailure);
