namespace Assay.Ingest;

/// <summary>
/// The room for files that have not landed yet, which all uploads of the process share: <see cref="IngestOptions.UploadRoom"/> of the largest. Their files have no
/// names any more, so that whoever limits a folder by what can be seen in it does not see them.
/// </summary>
internal sealed class UploadRoom(IngestOptions options)
{
    private readonly long size = options.UploadRoom * options.MaxUploadBytes;
    private long taken;

    /// <summary>One upload's part of it, which grows with the file and is free again when disposed of.</summary>
    public sealed class Share(UploadRoom room) : IDisposable
    {
        private long mine;

        /// <summary>Takes room for so many bytes more; false if there is none now.</summary>
        public bool TryTake(int bytes)
        {
            if (Interlocked.Add(ref room.taken, bytes) > room.size)
            {
                Interlocked.Add(ref room.taken, -bytes);
                return false;
            }
            mine += bytes;
            return true;
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            Interlocked.Add(ref room.taken, -mine);
            mine = 0;
        }
    }
}
