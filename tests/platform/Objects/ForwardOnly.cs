namespace Assay.Tests.Platform.Objects;

/// <summary>Bytes as a network hands them out: once, forward, in pieces, of unknown length.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="beforeRead">Called with the position before each piece.</param>
internal sealed class ForwardOnly(byte[] bytes, Action<int>? beforeRead = null) : Stream
{
    private const int Piece = 50_000;
    private int position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        beforeRead?.Invoke(position);
        var piece = bytes.AsSpan(position, Math.Min(Math.Min(Piece, buffer.Length), bytes.Length - position));
        piece.CopyTo(buffer);
        position += piece.Length;
        return piece.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
