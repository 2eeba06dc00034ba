using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace Assay.Classify;

/// <summary>What ONNX Runtime says about a model, as a clause that says what to do. What it says stays the exception's inner one.</summary>
internal static partial class OnnxFault
{
    /// <summary>How the name of the folder begins in which ONNX Runtime must look for weights in other files, and which does not exist.</summary>
    public const string NoFolder = "no-external-data-";

    private const int MaxCharacters = 300;

    [GeneratedRegex(@"\[ErrorCode:\w+\]\s*|\s+")]
    private static partial Regex Noise { get; }

    /// <summary>Of an image that the model cannot answer about, although it has answered about a test image.</summary>
    public static string OfAnswer(OnnxRuntimeException exception) => $"ONNX Runtime stops at this image: {Said(exception)}";

    public static string Of(OnnxRuntimeException exception)
    {
        var (all, said) = (exception.Message, Said(exception));
        if (Says("external data") || Says("external TensorProto") || Says(NoFolder))
            return "model.onnx keeps weights in another file (external data), which is refused; save the model as one file";
        if (Says("is not a registered function/op") || Says("No Op registered for") || Says("No opset import for domain"))
            return $"model.onnx uses an operator that ONNX Runtime does not have, and custom operators are refused: {said}";
        if (Says("opset"))
            return $"model.onnx is of an opset that ONNX Runtime does not have; save the model for an older one: {said}";
        if (Says("terminate flag"))
            return $"model.onnx has not answered a test image within {SmokeInference.Patience.TotalSeconds:0} seconds";
        if (Says("protobuf parsing failed") || Says("No graph was found"))
            return "model.onnx is not an ONNX model";
        return $"model.onnx is refused by ONNX Runtime: {said}";

        bool Says(string words) => all.Contains(words, StringComparison.OrdinalIgnoreCase);
    }

    private static string Said(OnnxRuntimeException exception)
    {
        var said = Noise.Replace(exception.Message, " ").Trim().TrimEnd('.');
        return said.Length > MaxCharacters ? said[..MaxCharacters] + " …" : said;
    }
}
