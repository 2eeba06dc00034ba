namespace Assay.Platform.Catalog;

/// <summary>View <c>model_states</c>: one row per registered version of a model, with the state it is in now.</summary>
public sealed class ModelState
{
    /// <summary>It is known and does nothing.</summary>
    public const string Registered = "registered";

    /// <summary>It watches: it sees what the active version sees, and its answers do not count.</summary>
    public const string Shadow = "shadow";

    /// <summary>Its answers count. At most one version of each name.</summary>
    public const string Active = "active";

    /// <summary>It has done its service; it can be called back.</summary>
    public const string Retired = "retired";

    /// <summary>The package's name.</summary>
    public required string Name { get; init; }

    /// <summary>The package's version.</summary>
    public required string Version { get; init; }

    /// <summary>Lower-case hex SHA-256 of <c>model.json</c> in canonical form.</summary>
    public required string PackageSha256 { get; init; }

    /// <summary>One of the constants.</summary>
    public required string State { get; init; }

    /// <summary>The number of the transition that gave it this state.</summary>
    public required int Number { get; init; }

    /// <summary>Who gave it this state.</summary>
    public required string ChangedBy { get; init; }

    /// <summary>When. UTC.</summary>
    public required DateTime ChangedAt { get; init; }
}
