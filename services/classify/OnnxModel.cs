using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Assay.Classify;

/// <summary>A model in ONNX Runtime, opened such that it can reach nothing outside its own bytes.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession session;
    private readonly string folder;

    private OnnxModel(InferenceSession session, string folder)
    {
        this.session = session;
        this.folder = folder;
    }

    /// <exception cref="ModelPackageException">ONNX Runtime refuses the model.</exception>
    public static OnnxModel Open(byte[] bytes, string folder)
    {
        using var options = new SessionOptions
        {
            // One caller per core is faster than one caller on all (1.9 × against 1.66 × on two), and the pool would be sized to the host, not to the pod.
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            // Whatever it has to say comes as an exception; its own printing to stderr would say it twice.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        options.AddSessionConfigEntry("session.load_model_format", "ONNX");
        // A model loaded from bytes may still name files for its weights, which are then looked for in the working directory. A folder that cannot be refuses them all.
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.Combine(folder, $"{OnnxFault.NoFolder}{Guid.NewGuid():N}"));
        try
        {
            return new OnnxModel(new InferenceSession(bytes, options), folder);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelPackageException(folder, OnnxFault.Of(e), e);
        }
    }

    /// <summary>Compares the graph with the manifest and asks it once.</summary>
    /// <exception cref="ModelPackageException">They disagree, or the answer is unusable.</exception>
    public void Verify(ModelManifest manifest)
    {
        if (OnnxRules.FirstFault(session.InputMetadata, session.OutputMetadata, manifest) is { } fault)
            throw new ModelPackageException(folder, fault);
        try
        {
            if (SmokeInference.FirstFault(session, manifest) is { } smoke)
                throw new ModelPackageException(folder, smoke);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelPackageException(folder, OnnxFault.Of(e), e);
        }
    }

    /// <summary>Buffers for one caller at a time.</summary>
    /// <param name="input">The input.</param>
    /// <param name="output">The output's name.</param>
    /// <param name="values">How many values it has.</param>
    public InferenceBuffers NewBuffers(InputSpecification input, string output, int values) => new(session, input, output, values);

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();
}
