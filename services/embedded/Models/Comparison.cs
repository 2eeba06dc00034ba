using Assay.Platform.Catalog.Facts;

namespace Assay.Embedded.Models;

/// <summary>What two versions of a model say about the same images.</summary>
/// <param name="Images">How many images.</param>
/// <param name="Agree">About how many they say the same.</param>
/// <param name="Verdicts">About how many of them a person has decided.</param>
/// <param name="One">The first version.</param>
/// <param name="Other">The second.</param>
/// <param name="Flips">Where they differ, the most frequent first.</param>
internal sealed record Comparison(int Images, int Agree, int Verdicts, ComparedModel One, ComparedModel Other, IReadOnlyList<Flip> Flips)
{
    /// <summary>Counts pairs of answers, each with the label that a person has given, if any has.</summary>
    /// <param name="pairs">The answers.</param>
    /// <param name="cpu">What an answer costs in processor time, in milliseconds; null where nothing could be asked anew.</param>
    public static Comparison Of(IReadOnlyList<(PredictionFact One, PredictionFact Other, string? Verdict)> pairs, (double? One, double? Other) cpu)
    {
        var decided = pairs.Where(pair => pair.Verdict is not null).ToList();
        return new Comparison(
            pairs.Count, pairs.Count(pair => pair.One.Label == pair.Other.Label), decided.Count,
            ComparedModel.Of([.. pairs.Select(pair => pair.One)], cpu.One, [.. decided.Select(pair => pair.One.Label == pair.Verdict)]),
            ComparedModel.Of([.. pairs.Select(pair => pair.Other)], cpu.Other, [.. decided.Select(pair => pair.Other.Label == pair.Verdict)]),
            [.. pairs.Where(pair => pair.One.Label != pair.Other.Label).GroupBy(pair => (One: pair.One.Label, Other: pair.Other.Label))
                .Select(same => new Flip(same.Key.One, same.Key.Other, same.Count(), [.. same.OrderByDescending(pair => pair.Other.Confidence).Select(pair => pair.One.ImageId).Take(10)]))
                .OrderByDescending(flip => flip.Images).ThenBy(flip => flip.One, StringComparer.Ordinal).ThenBy(flip => flip.Other, StringComparer.Ordinal)]);
    }
}

/// <summary>One of the two.</summary>
/// <param name="Confidence">The mean confidence, 0 to 1.</param>
/// <param name="Accepted">The share of answers that reach their threshold, 0 to 1.</param>
/// <param name="MedianMs">The median time of an answer, decoding included, in milliseconds.</param>
/// <param name="CpuMs">The mean processor time of an answer, decoding included, in milliseconds; of up to 50 images that were asked about anew; null where none could be read.</param>
/// <param name="Right">The share of answers that persons confirm, 0 to 1; null where nobody has decided anything.</param>
internal sealed record ComparedModel(double Confidence, double Accepted, double MedianMs, double? CpuMs, double? Right)
{
    /// <summary>Counts answers.</summary>
    public static ComparedModel Of(IReadOnlyList<PredictionFact> answers, double? cpu, IReadOnlyList<bool> right) => new(
        answers.Average(fact => fact.Confidence), answers.Average(fact => fact.Accepted ? 1.0 : 0), answers.Select(fact => fact.DurationMs).Order().ElementAt(answers.Count / 2), cpu,
        right.Count == 0 ? null : right.Average(one => one ? 1.0 : 0));
}

/// <summary>Images that the two call differently in the same way.</summary>
/// <param name="One">What the first says.</param>
/// <param name="Other">What the second says.</param>
/// <param name="Images">How many.</param>
/// <param name="Examples">Up to ten of them, those first of which the second is surest.</param>
internal sealed record Flip(string One, string Other, int Images, IReadOnlyList<Guid> Examples);
