using System.Diagnostics;
using Assay.Classify;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Assay.Trainer.Package;

/// <summary>How long one inference takes.</summary>
internal static class InferenceTime
{
    private const int Runs = 60;

    /// <summary>The median in milliseconds, on one thread, without decoding.</summary>
    public static double Measure(ModelPackage package)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(package.ModelPath, options);
        using var input = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Float, package.Manifest.Input.Shape);
        using var run = new RunOptions();
        var times = new List<double>();
        for (var i = 0; i < Runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var outputs = session.Run(run, [package.Manifest.Input.Name], [input], [package.Manifest.Output.Name]);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return times.Order().ElementAt(Runs / 2);
    }
}
