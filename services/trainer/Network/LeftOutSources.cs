using Assay.Trainer.Pictures;

namespace Assay.Trainer.Network;

/// <summary>
/// Every source judged by a network that was trained without it: the sources that the model is trained on are dealt into parts, and for each part another network is trained
/// in the same way without its pictures. What is drawn stays, also where it shows such a picture: on a page or a screen, or turned into a drawing.
/// </summary>
/// <param name="Pictures">The pictures of these sources.</param>
/// <param name="Targets">The index of each one's label.</param>
/// <param name="Logits">What the network said about each that had been trained without its source.</param>
internal sealed record LeftOutSources(IReadOnlyList<LabelledPicture> Pictures, int[] Targets, float[][] Logits)
{
    /// <summary>Deals the sources into parts, as many as asked for, the large ones first.</summary>
    /// <exception cref="TrainerException">There are fewer sources than parts, or without some part a label would have no picture to learn from.</exception>
    public static IReadOnlyList<HashSet<string>> Deal(TrainingData data, int parts)
    {
        if (parts == 0)
            return [];
        string[] sources = [.. data.Train.Pictures.Where(picture => !picture.IsDrawn).GroupBy(picture => picture.Source)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Key)];
        if (parts < 2 || parts > sources.Length)
            throw new TrainerException($"--leave-out {parts} cannot be: give 2 to {sources.Length} parts, there are {sources.Length} sources.");
        HashSet<string>[] dealt = [.. Enumerable.Range(0, parts).Select(part => sources.Where((_, i) => i % parts == part).ToHashSet(StringComparer.Ordinal))];
        foreach (var left in dealt)
        {
            if (data.Folder.Labels.FirstOrDefault(label => data.Train.Pictures.All(picture => picture.Label != label || left.Contains(picture.Source))) is { } label)
                throw new TrainerException($"--leave-out {parts} cannot be: without {string.Join(", ", left)} the label \"{label}\" has no picture to learn from.");
        }
        return dealt;
    }

    /// <summary>Trains without each part, and asks about it.</summary>
    /// <param name="data">The pictures that the model is trained on.</param>
    /// <param name="parts">Which sources are left out together.</param>
    /// <param name="train">Trains a network on pictures, with others to decide when to stop.</param>
    /// <param name="ask">What the network says about pictures.</param>
    /// <param name="say">Hears how far it is.</param>
    public static LeftOutSources Judge(
        TrainingData data, IReadOnlyList<HashSet<string>> parts, Func<PixelSet, PixelSet?, KindNetwork> train, Func<KindNetwork, PixelSet, float[][]> ask, Action<string> say)
    {
        var all = new LeftOutSources([], [], []);
        foreach (var left in parts)
        {
            bool IsLeft(LabelledPicture picture) => left.Contains(picture.Source);
            say($"once more without {string.Join(", ", left)}");
            var watched = data.Validation?.Where(picture => !IsLeft(picture));
            using var network = train(data.Train.Where(picture => !IsLeft(picture)), watched is { Count: > 0 } ? watched : null);
            var asked = data.Train.Where(IsLeft);
            if (data.Validation is not null)
                asked = asked.With(data.Validation.Where(IsLeft));
            all = new([.. all.Pictures, .. asked.Pictures], [.. all.Targets, .. asked.Targets], [.. all.Logits, .. ask(network, asked)]);
        }
        return all;
    }
}
