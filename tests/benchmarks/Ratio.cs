using System.Globalization;

namespace Assay.Benchmarks;

/// <summary>CPU time of one thing ÷ CPU time of another, measured in pairs: each pair one right after the other, so that a busy machine slows both.</summary>
internal sealed class Ratio
{
    private readonly List<double> pairs = [];

    public void Add(TimeSpan cost, TimeSpan baseline) => pairs.Add(cost / baseline);

    /// <summary>The median, and the range of the middle half; a dash where there was nothing to compare with.</summary>
    public override string ToString()
    {
        if (pairs.Count == 0)
            return "—";
        var sorted = pairs.Order().ToList();
        return string.Create(CultureInfo.InvariantCulture,
            $"{sorted[sorted.Count / 2]:0.00} ({sorted[sorted.Count / 4]:0.00}–{sorted[sorted.Count * 3 / 4]:0.00})");
    }
}
