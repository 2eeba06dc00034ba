using System.Globalization;

namespace Assay.Benchmarks;

/// <summary>
/// CPU time of one thing ÷ CPU time of another, measured in pairs: each pair one right after the other, so that a busy machine slows both. BenchmarkDotNet
/// measures wall-clock time, one case after the other: on a shared machine the neighbours' work would be part of every ratio.
/// </summary>
internal sealed class Ratio
{
    private readonly List<double> pairs = [];

    public void Add(TimeSpan cost, TimeSpan baseline) => pairs.Add(cost / baseline);

    /// <summary>What the pairs say; <see langword="null"/> where there was nothing to compare with.</summary>
    public Spread? Result()
    {
        var sorted = pairs.Order().ToList();
        return sorted.Count == 0 ? null : new(sorted[sorted.Count / 2], sorted[sorted.Count / 4], sorted[sorted.Count * 3 / 4]);
    }
}

/// <summary>The median of some ratios, and the range of their middle half.</summary>
internal sealed record Spread(double Median, double LowerQuartile, double UpperQuartile)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:0.00} ({LowerQuartile:0.00}–{UpperQuartile:0.00})");

    /// <summary>As a cell of a table: a dash where there is none.</summary>
    public static string Cell(Spread? spread) => spread?.ToString() ?? "—";
}
