using System.CommandLine;
using Assay.Classify;
using Assay.Preprocess;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Assay.Benchmarks;

/// <summary>What classifying a gold image costs, beside what cannot be saved: decoding it and asking the model.</summary>
internal static class ClassifyCommand
{
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each model is measured.", DefaultValueFactory = _ => 31 };
        var json = ReportFormat.JsonOption();
        var packages = new Argument<DirectoryInfo[]>("PACKAGE") { Description = "Folders of other model packages, measured besides the model that comes with Assay.", DefaultValueFactory = _ => [] };
        var command = new Command("classify", "CPU time of classifying ÷ CPU time of bare decoding and bare inference.") { rounds, json, packages };
        command.SetAction(arguments => Run(
            [ModelPackage.BuiltIn, .. arguments.GetRequiredValue(packages).Select(folder => folder.FullName)], arguments.GetRequiredValue(rounds),
            new(arguments.GetValue(json), "model", "input", "picture", "÷ (bare decoding + bare inference)", "allocated")));
        return command;
    }

    private static int Run(IReadOnlyList<string> packages, int rounds, Report<Row> report)
    {
        if (!TurboJpeg.IsInstalled)
        {
            Console.Error.WriteLine("Bare decoding needs libturbojpeg0.");
            return 1;
        }
        using var turbo = new TurboJpeg();
        using var transform = new SilverTransform(new());
        var silver = transform.Apply(File.ReadAllBytes(Pictures.Get("JPEG", 12)), default);
        var jpeg = silver.Jpeg.ToArray();
        report.Begin();
        foreach (var package in packages.Select(ModelPackage.Load))
        {
            var row = Measure(package, jpeg, $"{silver.Width} × {silver.Height}", rounds, turbo);
            report.Add(row, row.Model, row.Input, row.Picture, row.ToBare, $"{row.AllocatedBytes / 1024.0:0.0} KiB");
        }
        report.End();
        return 0;
    }

    private static Row Measure(ModelPackage package, byte[] jpeg, string picture, int rounds, TurboJpeg turbo)
    {
        var input = package.Manifest.Input;
        using var classifier = new ImageClassifier(package);
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(package.ModelPath, options);
        using var run = new RunOptions();
        using var tensor = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, input.Type == TensorElement.Float16 ? TensorElementType.Float16 : TensorElementType.Float, input.Shape);
        Fill(tensor, input.Type);
        void Bare()
        {
            turbo.Decode(jpeg, reduction: 1);
            session.Run(run, [input.Name], [tensor], [package.Manifest.Output.Name]).Dispose();
        }
        // Compiled well before anything counts.
        for (var i = 0; i < 50; i++)
        {
            _ = classifier.Classify(jpeg);
            Bare();
        }
        var (ratio, allocated) = (new Ratio(), 0L);
        for (var round = 0; round < rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            _ = classifier.Classify(jpeg);
            allocated += GC.GetTotalAllocatedBytes(precise: true) - before;
            ratio.Add(Cpu.Of(() => classifier.Classify(jpeg)), Cpu.Of(Bare));
        }
        return new($"{package.Identity.Name} {package.Identity.Version}", $"{input.Width} × {input.Height}, {input.Type.ToString().ToLowerInvariant()}", picture, ratio.Result()!, allocated / rounds);
    }

    // As a picture would: zeros are multiplied faster on some processors.
    private static void Fill(OrtValue tensor, TensorElement type)
    {
        var random = new Random(1);
        if (type == TensorElement.Float16)
        {
            foreach (ref var value in tensor.GetTensorMutableDataAsSpan<Float16>())
                value = (Float16)random.NextSingle();
        }
        else
        {
            foreach (ref var value in tensor.GetTensorMutableDataAsSpan<float>())
                value = random.NextSingle();
        }
    }

    // A ratio of CPU time, and bytes on the managed heap for each image.
    private sealed record Row(string Model, string Input, string Picture, Spread ToBare, long AllocatedBytes);
}
