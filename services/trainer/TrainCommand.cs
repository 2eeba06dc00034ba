using System.Diagnostics;
using Assay.Classify;
using Assay.Trainer.Network;
using Assay.Trainer.Package;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace Assay.Trainer;

/// <summary>Pictures → a verified model package with its card.</summary>
internal static class TrainCommand
{
    private const string CardFile = "MODEL-CARD.md";

    /// <exception cref="TrainerException">The pictures do not suffice, or the exported model differs from the trained one.</exception>
    public static async Task RunAsync(TrainOptions options, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        void Say(string text) => Console.WriteLine($"{clock.Elapsed:mm\\:ss}  {text}");

        RequireTorch();
        // ONNX Runtime reports its use to its maker unless it is told not to. The train script's ORT_DISABLE_TELEMETRY says it earlier; this is for whoever starts the program alone.
        OrtEnv.Instance().DisableTelemetryEvents();
        var input = Input(options.Side);
        var data = await TrainingData.ReadAsync(options, input, ct);
        var labels = data.Folder.Labels;
        Say($"{data.Train.Count} pictures to learn from, {data.Judge.Count} to be judged on");

        using var network = Training.Run(
            data.Train, labels, input, options.Batches, options.Seed, (batch, loss) => Say($"batch {batch} of {options.Batches}: loss {loss:0.000}"), ct);
        var logits = Training.Ask(network, data.Judge, input);

        // Every other picture: one half to fit on, one to tell how well the fit holds.
        bool IsForFitting(int picture) => picture % 2 == 0;
        var temperature = Calibration.Temperature([.. logits.Where((_, i) => IsForFitting(i))], [.. data.Judge.Targets.Where((_, i) => IsForFitting(i))]);
        var answers = new Evaluation(labels, data.Judge.Targets, [.. logits.Select(values => Calibration.Softmax(values, temperature))]);
        await PackageWriter.WriteAsync(network, options, input, labels, temperature, Calibration.Thresholds(answers.Only(IsForFitting)),
            Calibration.Review([.. logits.Where((_, i) => IsForFitting(i))], temperature), ct);

        var judged = PackageWriter.Verify(options.Output, data.Judge, logits);
        var known = data.Validation is null ? null : PackageWriter.Verify(options.Output, data.Validation, Training.Ask(network, data.Validation, input));
        var package = ModelPackage.Load(options.Output);
        var card = ModelCard.Write(
            options, data, package.Manifest, judged, judged.Only(i => !IsForFitting(i)), known, new FileInfo(package.ModelPath).Length, InferenceTime.Measure(package));
        await File.WriteAllTextAsync(Path.Combine(options.Output, CardFile), card, ct);
        Say($"{judged.Accuracy * 100:0.0} % right, {judged.BalancedAccuracy * 100:0.0} % if every label counts the same; package and card are written");
    }

    // Asked first: reading the pictures takes minutes.
    private static void RequireTorch()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (TypeInitializationException)
        {
            throw new TrainerException("libtorch does not load here; it needs the C++ library of GCC 13 (Debian 13, Ubuntu 24.04). Use services/trainer/train, which provides it.");
        }
    }

    // Values from -1 to 1; white bars keep the aspect ratio, which tells a page from a screen.
    private static InputSpecification Input(int side) => new(
        KindNetwork.InputName, side, side, TensorLayout.Nchw, TensorElement.Float32, ChannelOrder.Rgb, 1 / 127.5, [1, 1, 1], [1, 1, 1], ResizeRule.Pad);
}
