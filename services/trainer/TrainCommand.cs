using System.Diagnostics;
using Assay.Classify;
using Assay.Trainer.Network;
using Assay.Trainer.Package;
using Assay.Trainer.Pictures;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace Assay.Trainer;

/// <summary>Pictures → a verified model package with its card.</summary>
internal static class TrainCommand
{
    private const string CardFile = "MODEL-CARD.md";
    private const int Threads = 2;

    /// <exception cref="TrainerException">The pictures do not suffice, or the exported model differs from the trained one.</exception>
    public static async Task RunAsync(TrainOptions options, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        void Say(string text) => Console.WriteLine($"{clock.Elapsed:h\\:mm\\:ss}  {text}");

        RequireTorch();
        // ONNX Runtime reports its use to its maker unless it is told not to. The train script's ORT_DISABLE_TELEMETRY says it earlier; this is for whoever starts the program alone.
        OrtEnv.Instance().DisableTelemetryEvents();
        if (options.Side < KindNetwork.SmallestSide)
            throw new TrainerException($"--side {options.Side} cannot be: the network halves the picture four times, and needs at least {KindNetwork.SmallestSide} pixels.");
        var input = Input(options.Side);
        var start = ModelPackage.Load(options.Start);
        var convolutions = TrainedConvolution.Of(start);
        var data = await TrainingData.ReadAsync(options, input, ct);
        var labels = data.Folder.Labels;
        var parts = LeftOutSources.Deal(data, options.LeaveOut);
        Say($"{data.Train.Count} pictures to learn from, {data.Judge.Count} to be judged on");

        KindNetwork Train(PixelSet set, PixelSet? watched, int batches) => Training.Run(
            convolutions, set, watched, labels, input, batches, options.Seed, (batch, loss) => Say($"batch {batch} of {batches}: loss {loss:0.000}"), ct);
        float[][] Ask(KindNetwork network, PixelSet set) => Training.Ask(network, set, input);
        using var network = Train(data.Train, data.Validation, options.Batches);
        var logits = Ask(network, data.Judge);
        var first = new Evaluation(labels, data.Judge.Targets, logits);
        Say($"{first.Accuracy * 100:0.0} % of the pictures to be judged on are answered rightly ({string.Join(", ", labels.Select((label, i) => $"{label} {first.Recall(i) * 100:0}"))})");
        var leftOut = LeftOutSources.Judge(data, parts, (set, watched) => Train(set, watched, options.LeaveOutBatches), Ask, Say);

        // Fitted on pictures of other sources than it is judged on, where there are any; else on every other picture, so that the rest tells how well the fit holds.
        bool IsForFitting(int picture) => parts.Count == 0 && picture % 2 == 0;
        var (fitted, targets) = parts.Count > 0 ? (leftOut.Logits, leftOut.Targets) : (Every(logits, IsForFitting), Every(data.Judge.Targets, IsForFitting));
        var temperature = Calibration.Temperature(fitted, targets);
        var answers = new Evaluation(labels, targets, [.. fitted.Select(values => Calibration.Softmax(values, temperature))]);
        await PackageWriter.WriteAsync(network, options, input, labels, temperature, Calibration.Thresholds(answers), Calibration.Review(fitted, temperature), ct);

        var judged = PackageWriter.Verify(options.Output, data.Judge, logits);
        var known = data.Validation is null ? null : PackageWriter.Verify(options.Output, data.Validation, Ask(network, data.Validation));
        var package = ModelPackage.Load(options.Output);
        var card = new ModelCard(options, data, start.Manifest, package, judged, judged.Only(i => !IsForFitting(i)), known, leftOut, answers)
            .Write(InferenceTime.Measure(package), InferenceTime.MeasureWhole(package, data.Judge.Pictures.MaxBy(picture => picture.File.Length)!.File), clock.Elapsed);
        await File.WriteAllTextAsync(Path.Combine(options.Output, CardFile), card, ct);
        Say($"{judged.Accuracy * 100:0.0} % right, {judged.BalancedAccuracy * 100:0.0} % if every label counts the same; package and card are written");
    }

    private static T[] Every<T>(IReadOnlyList<T> all, Func<int, bool> which) => [.. all.Where((_, i) => which(i))];

    // Asked first: reading the pictures takes minutes.
    private static void RequireTorch()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            // In how many parts sums are made decides how they are rounded: with as many as a machine has cores, another machine would train another model.
            torch.set_num_threads(Threads);
        }
        catch (TypeInitializationException)
        {
            throw new TrainerException("libtorch does not load here; it needs the C++ library of GCC 13 (Debian 13, Ubuntu 24.04). Use services/trainer/train, which provides it.");
        }
    }

    // Values from -1 to 1; white bars keep the aspect ratio, which tells a page from a screen.
    private static InputSpecification Input(int side) => new(
        KindNetwork.InputName, side, side, TensorLayout.Nchw, TensorElement.Float32, ChannelOrder.Rgb, 1 / 127.5, [1, 1, 1], [1, 1, 1], ResizeRule.Pad, Resampling.Bilinear);
}
