using System.Runtime.InteropServices;
using Microsoft.Extensions.ObjectPool;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Assay.Classify;

/// <summary>Pixels, input tensor and output tensor of one caller, used again for image after image. The tensors are ONNX Runtime's own memory: nothing is copied, nothing pinned.</summary>
internal sealed class InferenceBuffers : IDisposable
{
    private readonly InferenceSession session;
    private readonly InputSpecification specification;
    private readonly RunOptions options = new();
    private readonly OrtValue[] inputs;
    private readonly OrtValue[] outputs;
    private readonly string[] inputNames;
    private readonly string[] outputNames;
    private readonly byte[] pixels;

    public InferenceBuffers(InferenceSession session, InputSpecification input, string output, int values)
    {
        this.session = session;
        specification = input;
        pixels = new byte[ImageTensor.Length(specification)];
        inputNames = [input.Name];
        outputNames = [output];
        inputs = [NewInput(specification)];
        var node = session.OutputMetadata[output];
        // The rank is in the graph, the number of values has been verified; open dimensions can only be 1 besides.
        long[] shape = node.Dimensions.Length == 2 ? [1, values] : [1, values, 1, 1];
        outputs = [OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, node.ElementDataType, shape)];
    }

    /// <summary>Buffers for all callers: as many as there are cores stay; what callers beyond that need is made and disposed.</summary>
    public static ObjectPool<InferenceBuffers> Pool(Func<InferenceBuffers> create) =>
        new DefaultObjectPoolProvider { MaximumRetained = Environment.ProcessorCount }.Create(new Policy(create));

    /// <summary>File → raw output.</summary>
    public void Run(ReadOnlyMemory<byte> file, Span<float> output)
    {
        ImageResize.Decode(file, specification, pixels);
        Run(output);
    }

    /// <summary>The pixels that are there, black ones at first → raw output.</summary>
    /// <exception cref="OnnxRuntimeException">The output has another shape than was expected.</exception>
    /// <exception cref="TimeoutException">The model took longer than any image can wait. It is stopped after the operator at which its time was over.</exception>
    public void Run(Span<float> output)
    {
        Fill(inputs[0], pixels, specification);
        using var patience = new CancellationTokenSource(SmokeInference.Patience);
        try
        {
            // Gone before the flag is taken back: it must not be set again for the next image.
            using var end = patience.Token.UnsafeRegister(static options => ((RunOptions)options!).Terminate = true, options);
            session.Run(options, inputNames, inputs, outputNames, outputs);
        }
        catch (OnnxRuntimeException) when (patience.IsCancellationRequested)
        {
            // Said below, as of an answer that came after all: ONNX Runtime looks at the flag only between two operators.
        }
        if (patience.IsCancellationRequested)
        {
            options.Terminate = false;
            throw new TimeoutException($"it has not answered within {SmokeInference.Patience.TotalSeconds:0} seconds");
        }
        CopyTo(outputs[0], output);
    }

    public static OrtValue NewInput(InputSpecification input) =>
        OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, OnnxRules.ElementType(input.Type), input.Shape);

    public static void Fill(OrtValue tensor, ReadOnlySpan<byte> rgb, InputSpecification input)
    {
        if (input.Type == TensorElement.Float16)
            ImageTensor.Fill(rgb, input, MemoryMarshal.Cast<Float16, Half>(tensor.GetTensorMutableDataAsSpan<Float16>()));
        else
            ImageTensor.Fill(rgb, input, tensor.GetTensorMutableDataAsSpan<float>());
    }

    public static void CopyTo(OrtValue tensor, Span<float> values)
    {
        if (tensor.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float)
        {
            tensor.GetTensorDataAsSpan<float>().CopyTo(values);
            return;
        }
        var halves = MemoryMarshal.Cast<Float16, Half>(tensor.GetTensorDataAsSpan<Float16>());
        for (var i = 0; i < halves.Length; i++)
            values[i] = (float)halves[i];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        inputs[0].Dispose();
        outputs[0].Dispose();
        options.Dispose();
    }

    private sealed class Policy(Func<InferenceBuffers> create) : PooledObjectPolicy<InferenceBuffers>
    {
        public override InferenceBuffers Create() => create();

        public override bool Return(InferenceBuffers obj) => true;
    }
}
