using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Assay.Classify;

/// <summary>
/// Resizes RGB pixels as Pillow's <c>resize(size, BILINEAR, box)</c> does, to the bit: first along the rows, then along the columns, every pixel weighted by a triangle that is as wide as
/// the reduction; in whole numbers, and rounded to a byte in between (Pillow 9.4, src/libImaging/Resample.c). Own code, because the same with libvips costs more than a small model's inference.
/// </summary>
internal static class BilinearResize
{
    /// <summary>Resizes a part of a picture.</summary>
    /// <param name="source">Rows of RGB, and at least one byte more.</param>
    /// <param name="width">Pixels in a row of it.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="box">The part that becomes the target, in pixels; its borders may lie within pixels.</param>
    /// <param name="target">Where the rows of RGB go.</param>
    /// <param name="stride">Bytes from one row of the target to the next.</param>
    /// <param name="columns">The target's width.</param>
    /// <param name="rows">The target's height.</param>
    public static void Apply(ReadOnlySpan<byte> source, int width, int height, Box box, Span<byte> target, int stride, int columns, int rows)
    {
        if (IsWhole(box, columns, rows))
        {
            for (var y = 0; y < rows; y++)
                source.Slice(3 * (width * ((int)box.Top + y) + (int)box.Left), 3 * columns).CopyTo(target[(stride * y)..]);
            return;
        }
        var (across, down) = (new Axis(box.Left, box.Right, width, columns), new Axis(box.Top, box.Bottom, height, rows));
        var length = 3 * columns;
        var narrow = ArrayPool<byte>.Shared.Rent(length * (down.End - down.Start));
        try
        {
            for (var y = down.Start; y < down.End; y++)
                AlongRow(across, source.Slice(3 * width * y, 3 * width + 1), narrow.AsSpan(length * (y - down.Start), length));
            for (var y = 0; y < rows; y++)
                DownColumns(down.Weights(y), narrow.AsSpan(length * (down.First(y) - down.Start)), target.Slice(stride * y, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(narrow);
        }
    }

    // Every pixel would be made of one.
    private static bool IsWhole(Box box, int columns, int rows) =>
        box.Right - box.Left == columns && box.Bottom - box.Top == rows && float.IsInteger(box.Left) && float.IsInteger(box.Top);

    // Indices are not checked one by one, which would take as long as the work: Axis gives only places within the row, and one byte more is there.
    private static void AlongRow(Axis axis, ReadOnlySpan<byte> row, Span<byte> narrow)
    {
        ref var start = ref MemoryMarshal.GetReference(row);
        for (int x = 0, to = 0; to < narrow.Length; x++, to += 3)
        {
            var sum = Vector128.Create(Axis.Half);
            ref var from = ref Unsafe.Add(ref start, 3 * axis.First(x));
            foreach (var weight in axis.Weights(x))
            {
                // Red, green, blue, and the next pixel's red, which nobody looks at.
                sum += weight * Widen(Unsafe.ReadUnaligned<uint>(ref from));
                from = ref Unsafe.Add(ref from, 3);
            }
            sum >>= Axis.Precision;
            (narrow[to], narrow[to + 1], narrow[to + 2]) = ((byte)sum[0], (byte)sum[1], (byte)sum[2]);
        }
    }

    private static Vector128<int> Widen(uint four) => Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(four).AsByte())).AsInt32();

    private static void DownColumns(ReadOnlySpan<int> weights, ReadOnlySpan<byte> rows, Span<byte> target)
    {
        var length = target.Length;
        ref var start = ref MemoryMarshal.GetReference(rows[..(weights.Length * length)]);
        var i = 0;
        for (; i <= length - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            Vector256<int> a = Vector256.Create(Axis.Half), b = a, c = a, d = a;
            for (var row = 0; row < weights.Length; row++)
            {
                var (lower, upper) = Vector256.Widen(Vector256.LoadUnsafe(ref start, (nuint)(length * row + i)));
                var weight = weights[row];
                a += weight * Vector256.WidenLower(lower).AsInt32();
                b += weight * Vector256.WidenUpper(lower).AsInt32();
                c += weight * Vector256.WidenLower(upper).AsInt32();
                d += weight * Vector256.WidenUpper(upper).AsInt32();
            }
            Vector256.Narrow(
                Vector256.Narrow((a >> Axis.Precision).AsUInt32(), (b >> Axis.Precision).AsUInt32()),
                Vector256.Narrow((c >> Axis.Precision).AsUInt32(), (d >> Axis.Precision).AsUInt32())).CopyTo(target[i..]);
        }
        for (; i < length; i++)
        {
            var sum = Axis.Half;
            for (var row = 0; row < weights.Length; row++)
                sum += weights[row] * rows[length * row + i];
            target[i] = (byte)(sum >> Axis.Precision);
        }
    }

    /// <summary>A part of a picture, in pixels from its upper left corner. Single precision, as Pillow has it: what is computed from it shall be the same.</summary>
    internal readonly record struct Box(float Left, float Top, float Right, float Bottom);

    // Which pixels in a line each pixel of the target is made of, and how much of each.
    private readonly struct Axis
    {
        // A weight's bits: 32, less 8 for the pixel and 2 for the sum.
        public const int Precision = 22;
        public const int Half = 1 << (Precision - 1);

        private readonly int taps;
        private readonly (int First, int Count)[] lines;
        private readonly int[] weights;

        public Axis(float from, float to, int available, int count)
        {
            var scale = (double)(to - from) / count;
            var support = Math.Max(scale, 1);
            taps = 2 * (int)Math.Ceiling(support) + 1;
            lines = new (int, int)[count];
            weights = new int[taps * count];
            Span<double> exact = stackalloc double[taps];
            for (var i = 0; i < count; i++)
            {
                var centre = from + (i + 0.5) * scale;
                var first = Math.Max((int)(centre - support + 0.5), 0);
                lines[i] = (first, Math.Min((int)(centre + support + 0.5), available) - first);
                var total = 0.0;
                for (var tap = 0; tap < lines[i].Count; tap++)
                    total += exact[tap] = Math.Max(0, 1 - Math.Abs((tap + first - centre + 0.5) * (1 / support)));
                for (var tap = 0; tap < lines[i].Count; tap++)
                    weights[taps * i + tap] = (int)(0.5 + exact[tap] / total * (1 << Precision));
            }
        }

        public int Start => lines[0].First;

        public int End => lines[^1].First + lines[^1].Count;

        public int First(int i) => lines[i].First;

        public ReadOnlySpan<int> Weights(int i) => weights.AsSpan(taps * i, lines[i].Count);
    }
}
