namespace Assay.Platform.Objects;

/// <summary>Counts the bytes that are read from another stream.</summary>
/// <param name="inner">The other one; not closed.</param>
internal sealed class CountedStream(Stream inner) : ForwardOnlyStream
{
    /// <summary>How many have been read.</summary>
    public long Count { get; private set; }

    public override long Length => inner.Length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Counted(await inner.ReadAsync(buffer, cancellationToken));

    public override int Read(Span<byte> buffer) => Counted(inner.Read(buffer));

    private int Counted(int read)
    {
        Count += read;
        return read;
    }
}
