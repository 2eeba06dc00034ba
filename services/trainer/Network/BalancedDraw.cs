using Assay.Trainer.Drawing;
using Assay.Trainer.Pictures;

namespace Assay.Trainer.Network;

/// <summary>
/// Which picture comes next in training: every label as often as any other; of a label's pictures collected and drawn ones equally often; of these, a source by the
/// square root of its size, so that neither a large source drowns the others nor a tiny one is learnt by heart.
/// </summary>
internal sealed class BalancedDraw
{
    private readonly Part[][] labels;

    public BalancedDraw(PixelSet set, IReadOnlyList<string> names)
    {
        labels = [.. names.Select(label => Enumerable.Range(0, set.Count)
            .Where(i => set.Pictures[i].Label == label)
            .GroupBy(i => set.Pictures[i].IsDrawn)
            .Select(half => new Part([.. half.GroupBy(i => set.Pictures[i].Source).Select(source => source.ToArray())]))
            .ToArray())];
    }

    public int Next(Chance chance) => chance.Pick(chance.Pick(labels)).Next(chance);

    private sealed class Part(int[][] sources)
    {
        private readonly double total = sources.Sum(source => Math.Sqrt(source.Length));

        public int Next(Chance chance)
        {
            var at = chance.Range(0, total);
            foreach (var source in sources)
            {
                at -= Math.Sqrt(source.Length);
                if (at < 0)
                    return chance.Pick(source);
            }
            return chance.Pick(sources[^1]);
        }
    }
}
