using System.Text;

namespace Assay.Tests.Classify;

/// <summary>
/// A three-label ONNX model of a few hundred bytes, written field by field: its answer is the mean of each channel, so a red image is "first" and so on.
/// Field numbers are those of onnx.proto.
/// </summary>
internal static class TinyModel
{
    public const int Float32 = 1;
    public const int Int64 = 7;
    public const int Float16 = 10;

    /// <summary>The input <c>x</c> → mean over the given axes → <c>y</c>.</summary>
    public static byte[] ChannelMeans(int type = Float32, long[]? shape = null, int[]? axes = null, bool keepDimensions = false) =>
        Model([Mean("x", "y", axes ?? [2, 3], keepDimensions)], type, shape ?? [1, 3, 8, 8], keepDimensions ? [1, 3, 1, 1] : [1, 3]);

    /// <summary>The same in the words of another version of ONNX.</summary>
    public static byte[] OfOpset(int opset) => Replace(ChannelMeans(), Message(8, Text(1, ""), Number(2, 13)), Message(8, Text(1, ""), Number(2, opset)));

    /// <summary>The means of the channels, so many times: three labels each.</summary>
    public static byte[] Repeated(int times) => Model(
        [Mean("x", "m", [2, 3], false), Node("Concat", [.. Enumerable.Repeat("m", times)], "y", Whole("axis", 1))], Float32, [1, 3, 8, 8], [1, 3 * times]);

    /// <summary>A tensor of zeros of so many rows and columns, whose mean is added to that of the channels.</summary>
    public static byte[] Inflated(long rows, long columns) => Model(
        [
            Message(5, Number(1, 4), Number(2, Int64), Text(8, "shape"), Message(9, [.. new[] { 1, 1, rows, columns }.SelectMany(BitConverter.GetBytes)])),
            Node("ConstantOfShape", ["shape"], "zeros"), Mean("zeros", "none", [2, 3], false), Mean("x", "m", [2, 3], false), Node("Add", ["m", "none"], "y"),
        ], Float32, [1, 3, 8, 8], [1, 3]);

    /// <summary>A loop of so many rounds around what is done with <c>x</c>.</summary>
    public static byte[] Loop(long rounds) => Model(
        [
            Mean("x", "m", [2, 3], false),
            Message(5, Number(2, Int64), Text(8, "rounds"), Message(9, BitConverter.GetBytes(rounds))),
            Node("Loop", ["rounds", "", "m"], "y", Message(5, Text(1, "body"), Message(6,
                Node("Identity", ["go"], "on"), Node("Sqrt", ["before"], "after"), Text(2, "body"),
                Value(11, "round", Int64), Value(11, "go", 9), Value(11, "before", Float32, 1, 3), Value(12, "on", 9), Value(12, "after", Float32, 1, 3)), Number(20, 5))),
        ], Float32, [1, 3, 8, 8], [1, 3]);

    /// <summary>The means of the channels, of which the graph does not tell how many dimensions they have: which of them are taken away is computed.</summary>
    public static byte[] OfAnyRank() => Model(
        [
            Mean("x", "m", [2, 3], true), Node("Sub", ["m", "m"], "d"), Node("ReduceMax", ["d"], "z", Whole("keepdims", 0)), Node("Cast", ["z"], "nothing", Whole("to", Int64)),
            Message(5, Number(1, 2), Number(2, Int64), Text(8, "places"), Message(9, [.. BitConverter.GetBytes(2L), .. BitConverter.GetBytes(3L)])),
            Node("Add", ["places", "nothing"], "axes"), Node("Squeeze", ["m", "axes"], "y"),
        ], Float32, [1, 3, 8, 8], null);

    /// <summary>A graph of the given nodes (and initializers) from <c>x</c> to <c>y</c>, the only output unless another is named; null for an output of which the graph says no shape.</summary>
    public static byte[] Model(byte[][] content, int type, long[] input, long[]? output, int? outputType = null, params string[] domains) =>
    [
        .. Number(1, 8),
        .. Message(8, Text(1, ""), Number(2, 13)),
        .. domains.SelectMany(domain => Message(8, Text(1, domain), Number(2, 1))),
        .. Message(7, [.. content, Text(2, "tiny"), Value(11, "x", type, input), Value(12, "y", outputType ?? type, output)]),
    ];

    public static byte[] Node(string operation, string[] inputs, string output, params byte[][] attributes) =>
        Message(1, [.. inputs.Select(input => Text(1, input)), Text(2, output), Text(4, operation), .. attributes]);

    public static byte[] Mean(string input, string output, int[] axes, bool keepDimensions) => Node(
        "ReduceMean",
        [input],
        output,
        Message(5, [Text(1, "axes"), .. axes.Select(axis => Number(8, axis)), Number(20, 7)]),
        Whole("keepdims", keepDimensions ? 1 : 0));

    /// <summary>A float tensor of shape [1, 3] whose bytes are in another file.</summary>
    public static byte[] ExternalTensor(string name, string location) => Message(
        5, Number(1, 1), Number(1, 3), Number(2, Float32), Text(8, name), Message(13, Text(1, "location"), Text(2, location)), Message(13, Text(1, "length"), Text(2, "12")), Number(14, 1));

    /// <summary>A float tensor of shape [1, values].</summary>
    public static byte[] FloatTensor(string name, params float[] values) =>
        Message(5, Number(1, 1), Number(1, values.Length), Number(2, Float32), Text(8, name), Message(9, [.. values.SelectMany(BitConverter.GetBytes)]));

    /// <summary>An <c>If</c> that is always true and adds a tensor of its branch to <paramref name="input"/>: what is in a branch is checked at another place.</summary>
    public static byte[][] AddInBranch(string input, string output, byte[] tensor, string tensorName) =>
    [
        Message(5, Number(2, 9), Text(8, "always"), Message(9, [1])),
        Node(
            "If",
            ["always"],
            output,
            Message(5, Text(1, "then_branch"), Message(6, Node("Add", [input, tensorName], "sum"), Text(2, "then"), tensor, Value(12, "sum", Float32, [1, 3])), Number(20, 5)),
            Message(5, Text(1, "else_branch"), Message(6, Node("Identity", [input], "same"), Text(2, "else"), Value(12, "same", Float32, [1, 3])), Number(20, 5))),
    ];

    public static byte[] Value(int field, string name, int type, params long[]? shape) =>
        Message(field, Text(1, name), Message(2, Message(1, [Number(1, type), .. shape is null ? Array.Empty<byte[]>() : [Message(2, [.. shape.Select(Dimension)])]])));

    /// <summary>A node's attribute that is a whole number.</summary>
    public static byte[] Whole(string name, long value) => Message(5, Text(1, name), Number(3, value), Number(20, 2));

    public static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Replace(byte[] model, byte[] part, byte[] by)
    {
        var at = model.AsSpan().IndexOf(part);
        return [.. model.AsSpan(0, at), .. by, .. model.AsSpan(at + part.Length)];
    }

    // A negative size stands for a named, open dimension.
    private static byte[] Dimension(long size) => size < 0 ? Message(1, Text(2, "N")) : Message(1, Number(1, size));

    private static byte[] Message(int field, params byte[][] parts)
    {
        var content = parts.SelectMany(part => part).ToArray();
        return [.. Varint((ulong)field << 3 | 2), .. Varint((ulong)content.Length), .. content];
    }

    private static byte[] Number(int field, long value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    private static IEnumerable<byte> Varint(ulong value)
    {
        for (; value > 127; value >>= 7)
            yield return (byte)(value & 127 | 128);
        yield return (byte)value;
    }
}
