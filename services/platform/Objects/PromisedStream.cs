namespace Assay.Platform.Objects;

/// <summary>
/// Passes on exactly as many bytes as were promised, and fails when fewer come: a client would otherwise wait for them, or send what it got.
/// </summary>
/// <param name="inner">Where the bytes come from; not closed.</param>
/// <param name="bytes">How many there must be.</param>
internal sealed class PromisedStream(Stream inner, long bytes) : ForwardOnlyStream
{
    private readonly long promised = bytes;
    private long left = bytes;

    /// <summary>That fewer came, once that is known.</summary>
    public EndOfStreamException? Failure { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer[..Wanted(buffer.Length)], cancellationToken), buffer.Length);

    public override int Read(Span<byte> buffer) => Count(inner.Read(buffer[..Wanted(buffer.Length)]), buffer.Length);

    private int Wanted(int room) => (int)Math.Min(room, left);

    private int Count(int read, int room)
    {
        if (read == 0 && room > 0 && left > 0)
            throw Failure = new EndOfStreamException($"{promised} bytes were to come, and {promised - left} came.");
        left -= read;
        return read;
    }
}
