using System.Buffers;
using System.Text;

namespace Assay.Trainer.Onnx;

/// <summary>
/// One protobuf message, written field by field: two wire types are all that ONNX needs. The field numbers that callers give are those of onnx.proto.
/// </summary>
internal sealed class OnnxMessage
{
    private const int VariableLengthInteger = 0;
    private const int LengthDelimited = 2;

    private readonly ArrayBufferWriter<byte> content = new();

    public OnnxMessage Number(int field, long value)
    {
        Integer((ulong)(field << 3 | VariableLengthInteger));
        Integer((ulong)value);
        return this;
    }

    public OnnxMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Integer((ulong)(field << 3 | LengthDelimited));
        Integer((ulong)value.Length);
        content.Write(value);
        return this;
    }

    public OnnxMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public OnnxMessage Message(int field, OnnxMessage value) => Bytes(field, value.content.WrittenSpan);

    public byte[] ToArray() => content.WrittenSpan.ToArray();

    // Seven bits a byte, the lowest first; the highest bit says that more follow.
    private void Integer(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        var length = 0;
        for (; value > 127; value >>= 7)
            bytes[length++] = (byte)(value & 127 | 128);
        bytes[length++] = (byte)value;
        content.Write(bytes[..length]);
    }
}
