using System.Diagnostics;
using Assay.Classify;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Assay.Trainer.Package;

/// <summary>How long an answer takes.</summary>
internal static class InferenceTime
{
    private const int Runs = 60;

    /// <summary>The median of the inference alone, in milliseconds, on one thread.</summary>
    public static double Measure(ModelPackage package)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(package.ModelPath, options);
        using var input = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, package.Manifest.Input.Shape);
        using var run = new RunOptions();
        return Median(() => session.Run(run, [package.Manifest.Input.Name], [input], [package.Manifest.Output.Name]).Dispose());
    }

    /// <summary>The median with all that belongs to an answer, in milliseconds, on one thread: decoding the gold image, resizing it, inference.</summary>
    public static double MeasureWhole(ModelPackage package, byte[] gold)
    {
        using var classifier = new ImageClassifier(package);
        return Median(() => classifier.Classify(gold));
    }

    private static double Median(Action answer)
    {
        var times = new List<double>();
        for (var i = 0; i < Runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            answer();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return times.Order().ElementAt(Runs / 2);
    }
}
