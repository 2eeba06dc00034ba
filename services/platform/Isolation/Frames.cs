using System.Buffers.Binary;
using System.Text.Json;

namespace Assay.Platform.Isolation;

/// <summary>What two processes say to each other over a pipe: a length (32-bit little-endian), and so many bytes.</summary>
internal static class Frames
{
    public static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        await stream.WriteAsync(length, cancellationToken);
        await stream.WriteAsync(bytes, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    public static Task WriteJsonAsync<T>(Stream stream, T value, CancellationToken cancellationToken) =>
        WriteAsync(stream, JsonSerializer.SerializeToUtf8Bytes(value), cancellationToken);

    /// <exception cref="EndOfStreamException">The other process has closed the pipe, or has ended.</exception>
    /// <exception cref="InvalidDataException">It said something else.</exception>
    public static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var length = new byte[sizeof(int)];
        await stream.ReadExactlyAsync(length, cancellationToken);
        var bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (bytes < 0 || bytes > Array.MaxLength)
            throw new InvalidDataException($"A frame cannot have {bytes} bytes.");
        var frame = new byte[bytes];
        await stream.ReadExactlyAsync(frame, cancellationToken);
        return frame;
    }

    /// <exception cref="EndOfStreamException">The other process has closed the pipe, or has ended.</exception>
    /// <exception cref="InvalidDataException">It said something else.</exception>
    public static async Task<T> ReadJsonAsync<T>(Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(await ReadAsync(stream, cancellationToken)) ?? throw new InvalidDataException("A frame cannot be null.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException("A frame is not what was expected.", exception);
        }
    }
}
