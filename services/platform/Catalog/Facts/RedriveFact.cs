namespace Assay.Platform.Catalog.Facts;

/// <summary>An image whose next fact was overdue was announced again. Written by <c>steward</c>.</summary>
public sealed class RedriveFact
{
    /// <summary>The image.</summary>
    public required Guid ImageId { get; init; }

    /// <summary>How often it has been, counted from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The stage that it was waiting for.</summary>
    public required string Stage { get; init; }

    /// <summary>When. UTC.</summary>
    public required DateTime RedrivenAt { get; init; }
}
