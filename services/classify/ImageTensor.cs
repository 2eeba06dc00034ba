using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Assay.Classify;

/// <summary>
/// Pixels → tensor, as <see cref="InputSpecification"/> says: <c>(pixel × scale − mean) / std</c>, computed in double precision and rounded once.
/// Pure; whoever trains a model prepares its input with the same code that will serve it.
/// </summary>
public static class ImageTensor
{
    /// <summary>How many elements the tensor has: width × height × 3. Also the number of bytes of the pixels.</summary>
    public static int Length(InputSpecification input) => checked(input.Width * input.Height * 3);

    /// <summary>The tensor's value for one pixel value.</summary>
    /// <param name="pixel">0 to 255.</param>
    /// <param name="channel">The channel in the tensor's order, 0 to 2.</param>
    /// <param name="input">Scale, mean and std.</param>
    public static double Value(int pixel, int channel, InputSpecification input) => (pixel * input.Scale - input.Mean[channel]) / input.Std[channel];

    /// <summary>Fills a tensor of 32-bit elements.</summary>
    /// <param name="rgb">Width × height pixels, row by row, red, green and blue interleaved.</param>
    /// <param name="input">What the tensor is made of.</param>
    /// <param name="tensor">Where it goes; as long as <paramref name="rgb"/>.</param>
    /// <exception cref="ArgumentException">A span has not <see cref="Length"/> elements.</exception>
    public static void Fill(ReadOnlySpan<byte> rgb, InputSpecification input, Span<float> tensor) => FillCore(rgb, input, tensor);

    /// <summary>Fills a tensor of 16-bit elements.</summary>
    /// <inheritdoc cref="Fill(ReadOnlySpan{byte}, InputSpecification, Span{float})"/>
    public static void Fill(ReadOnlySpan<byte> rgb, InputSpecification input, Span<Half> tensor) => FillCore(rgb, input, tensor);

    private static void FillCore<T>(ReadOnlySpan<byte> rgb, InputSpecification input, Span<T> tensor)
        where T : unmanaged, INumberBase<T>
    {
        if (rgb.Length != Length(input) || tensor.Length != Length(input))
            throw new ArgumentException($"{input.Width} × {input.Height} pixels need {Length(input)} bytes and elements, not {rgb.Length} and {tensor.Length}.");

        // 768 computed values instead of one computation per element.
        Span<T> table = stackalloc T[3 * 256];
        for (var i = 0; i < table.Length; i++)
            table[i] = T.CreateTruncating(Value(i & 255, i >> 8, input));

        // Without a check of every index, which would take as long as the work: the lengths have been checked, and a byte is at most 255.
        ref var from = ref MemoryMarshal.GetReference(rgb);
        ref var to = ref MemoryMarshal.GetReference(tensor);
        ref var first = ref MemoryMarshal.GetReference(table);
        ref var second = ref Unsafe.Add(ref first, 256);
        ref var third = ref Unsafe.Add(ref second, 256);
        var (source0, source2) = input.Channels == ChannelOrder.Rgb ? (0, 2) : (2, 0);
        var pixels = rgb.Length / 3;
        var (stride, plane) = input.Layout == TensorLayout.Nchw ? (1, pixels) : (3, 1);
        for (var pixel = 0; pixel < pixels; pixel++)
        {
            to = Unsafe.Add(ref first, Unsafe.Add(ref from, source0));
            Unsafe.Add(ref to, plane) = Unsafe.Add(ref second, Unsafe.Add(ref from, 1));
            Unsafe.Add(ref to, 2 * plane) = Unsafe.Add(ref third, Unsafe.Add(ref from, source2));
            from = ref Unsafe.Add(ref from, 3);
            to = ref Unsafe.Add(ref to, stride);
        }
    }
}
