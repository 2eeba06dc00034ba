namespace Assay.Trainer.Drawing;

/// <summary>Every random decision of a picture. The same seed gives the same picture.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random random = new(seed);

    /// <summary>A number from <paramref name="from"/> up to, but not including, <paramref name="to"/>.</summary>
    public double Range(double from, double to) => from + (to - from) * random.NextDouble();

    /// <summary>A whole number; both ends can come.</summary>
    public int Count(int from, int to) => random.Next(from, to + 1);

    /// <summary>0, 1, 2 … so many times.</summary>
    public IEnumerable<int> Times(int from, int to) => Enumerable.Range(0, Count(from, to));

    /// <summary>True with the given probability.</summary>
    public bool Odds(double probability) => random.NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>Normally distributed around 0 with deviation 1.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>The same elements in another order.</summary>
    public T[] Shuffle<T>(IEnumerable<T> elements)
    {
        var shuffled = elements.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }

    /// <summary>A seed for something that must not disturb what is drawn afterwards.</summary>
    public int Seed() => random.Next();
}
