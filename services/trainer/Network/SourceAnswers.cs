using Assay.Trainer.Pictures;

namespace Assay.Trainer.Network;

/// <summary>How many of one source's pictures were answered rightly.</summary>
/// <param name="Source">The source.</param>
/// <param name="Label">The label of the pictures.</param>
/// <param name="Pictures">How many pictures of it with that label there are.</param>
/// <param name="Right">How many of them were answered rightly.</param>
internal sealed record SourceAnswers(string Source, string Label, int Pictures, int Right)
{
    /// <summary>One for each source and label.</summary>
    public static IEnumerable<SourceAnswers> Of(IReadOnlyList<LabelledPicture> pictures, Func<int, bool> isRight) =>
        Enumerable.Range(0, pictures.Count).GroupBy(i => (pictures[i].Source, pictures[i].Label))
            .Select(group => new SourceAnswers(group.Key.Source, group.Key.Label, group.Count(), group.Count(isRight)));
}
