namespace Assay.Steward;

/// <summary>Remembers up to which time every image has ended, so that a look at a catalog of millions only looks at what is new. An end is for ever.</summary>
public sealed class Settled
{
    /// <summary>Every image that was taken in before has ended. UTC.</summary>
    public DateTime Before { get; set; } = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);
}
