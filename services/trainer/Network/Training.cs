using Assay.Classify;
using Assay.Trainer.Drawing;
using Assay.Trainer.Pictures;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Assay.Trainer.Network;

/// <summary>Fits a network to pictures, and asks it.</summary>
internal static class Training
{
    private const int BatchSize = 48;
    private const double PeakRate = 4e-4;
    private const double LastFaster = 5;
    private const double WeightDecay = 0.1;
    private const double Smoothing = 0.05;

    // Before so much of its way a network is too rough for its weights to be worth a mean.
    private const double MeanFrom = 0.5;
    private const int CheckEvery = 25;
    private const int Patience = 4;

    /// <summary>Trains on from a start. The same start, seed and pictures give the same network on the same machine.</summary>
    /// <param name="start">The convolutions that it starts from.</param>
    /// <param name="set">What to learn from.</param>
    /// <param name="watched">Other pictures of the same sources: the mean weights that answer these best are kept, and training stops early when they stay the best. Null: the last mean is taken.</param>
    /// <param name="labels">All labels in order.</param>
    /// <param name="input">The network's input.</param>
    /// <param name="batches">How many batches; each has 48 pictures.</param>
    /// <param name="seed">Decides weights, order and changes.</param>
    /// <param name="report">Hears how far it is and what the mean loss since the last time was.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="TrainerException">The loss is not a number.</exception>
    public static KindNetwork Run(
        IReadOnlyList<TrainedConvolution> start, PixelSet set, PixelSet? watched, IReadOnlyList<string> labels, InputSpecification input, int batches, int seed, Action<int, double> report, CancellationToken ct)
    {
        random.manual_seed(seed);
        var network = new KindNetwork(start, labels.Count);
        network.train();
        using var optimizer = optim.AdamW([new AdamW.ParamGroup(network.Body, lr: PeakRate, weight_decay: WeightDecay), new AdamW.ParamGroup(network.Last, lr: PeakRate * LastFaster, weight_decay: WeightDecay)]);
        var chance = new Chance(seed);
        var draw = new BalancedDraw(set, labels);
        var augmentation = new Augmentation(set, input, chance);
        var loss = 0.0;
        var best = new BestWeights(network, Patience);
        using var mean = new MeanWeights(network);
        for (var batch = 0; batch < batches; batch++)
        {
            ct.ThrowIfCancellationRequested();
            var rate = Rate((double)batch / batches);
            foreach (var (group, faster) in optimizer.ParamGroups.Zip([1.0, LastFaster]))
                group.LearningRate = rate * faster;
            var chosen = Enumerable.Range(0, BatchSize).Select(_ => draw.Next(chance)).ToArray();
            loss += Step(network, optimizer, augmentation.Batch(chosen), [.. chosen.Select(i => (long)set.Targets[i])]);
            if (!double.IsFinite(loss))
                throw new TrainerException($"The loss of batch {batch + 1} is not a number: libtorch does not compute rightly on this processor. services/trainer/train keeps it from AVX-512, with which that has been seen.");
            var isLast = batch + 1 == batches;
            if (batch + 1 >= batches * MeanFrom)
            {
                mean.Add();
                if (watched is not null && ((batch + 1) % CheckEvery == 0 || isLast))
                {
                    mean.Exchange();
                    isLast |= best.IsLongAgo(Loss(network, watched, input));
                    mean.Exchange();
                }
            }
            if ((batch + 1) % 100 == 0 || isLast)
            {
                report(batch + 1, loss / (batch % 100 + 1));
                loss = 0;
            }
            if (isLast)
                break;
        }
        if (watched is null)
            mean.Exchange();
        else
            best.Restore();
        network.eval();
        return network;
    }

    /// <summary>The logits of every picture, as it is.</summary>
    public static float[][] Ask(KindNetwork network, PixelSet set, InputSpecification input)
    {
        using var noGradients = no_grad();
        var all = Enumerable.Range(0, set.Count).ToArray();
        return [.. all.Chunk(BatchSize).SelectMany(chunk =>
        {
            using var scope = NewDisposeScope();
            var answers = network.forward(Augmentation.Plain(set, input, chunk));
            var values = answers.data<float>().ToArray();
            return values.Chunk(values.Length / chunk.Length);
        })];
    }

    // At its best temperature: how sure a network is gets calibrated afterwards.
    private static double Loss(KindNetwork network, PixelSet set, InputSpecification input)
    {
        network.eval();
        var logits = Ask(network, set, input);
        network.train();
        return Calibration.Loss(logits, set.Targets, Calibration.Temperature(logits, set.Targets));
    }

    // Up in the first tenth, then down along a cosine.
    private static double Rate(double progress) =>
        PeakRate * (progress < 0.1 ? 0.05 + 0.95 * progress / 0.1 : 0.5 + 0.5 * Math.Cos(Math.PI * (progress - 0.1) / 0.9));

    private static double Step(KindNetwork network, optim.Optimizer optimizer, Tensor pictures, long[] targets)
    {
        using var scope = NewDisposeScope();
        using var owned = pictures;
        optimizer.zero_grad();
        var logarithms = nn.functional.log_softmax(network.forward(owned), 1);
        // A little of the target goes to every label: a network that is never quite sure is easier to calibrate.
        var right = logarithms.gather(1, tensor(targets).unsqueeze(1)).mean();
        var loss = -(1 - Smoothing) * right - Smoothing * logarithms.mean();
        loss.backward();
        optimizer.step();
        return loss.item<float>();
    }
}
