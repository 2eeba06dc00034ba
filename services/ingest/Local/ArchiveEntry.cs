namespace Assay.Ingest.Local;

/// <summary>An unpacked file of an archive.</summary>
/// <param name="Path">Its path inside the archive. Never used as a path of this machine.</param>
/// <param name="Content">The temporary file with its bytes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Lower-case hex SHA-256.</param>
/// <param name="LastModified">When it was last modified, as the archive says. UTC.</param>
internal sealed record ArchiveEntry(string Path, string Content, long Bytes, string Sha256, DateTime LastModified);
