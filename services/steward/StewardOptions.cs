using System.ComponentModel.DataAnnotations;

namespace Assay.Steward;

/// <summary>When something is overdue, and how often it is tried again. Section <c>Steward</c>.</summary>
public sealed class StewardOptions
{
    private const int PauseGrowth = 5, OverdueGrowth = 2, MostDoublings = 6;

    /// <summary>How often to look. Default every 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how long without a new fact an image on its way is announced again; each time it is, twice as long. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Overdue { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After how long a message that failed is given back to its queue for the first time; then after five times as long, and so on. Default one minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often both are tried before a person must look. Default 5: over about 13 hours for failures, 3 for overdue images.</summary>
    /// <value>attempts</value>
    [Range(1, 20)]
    public int Tries { get; init; } = 5;

    /// <summary>The most messages and images of each kind that are handled at one look. Default 500.</summary>
    /// <value>messages, images</value>
    [Range(1, 10000)]
    public int Batch { get; init; } = 500;

    /// <summary>How long a message rests that has failed so often.</summary>
    public TimeSpan PauseAfter(int attempt) => FirstPause * Math.Pow(PauseGrowth, attempt - 1);

    /// <summary>How long an image may be without a new fact that was announced again so often.</summary>
    internal TimeSpan OverdueAfter(int redrives) => Overdue * Math.Pow(OverdueGrowth, Math.Min(redrives, MostDoublings));
}
