using System.ComponentModel.DataAnnotations;

namespace Assay.Platform.Catalog;

/// <summary>Where facts are kept. Section <c>Catalog</c>.</summary>
public sealed class CatalogOptions : IValidatableObject
{
    /// <summary>The database: <c>Postgres</c> (default) or <c>Sqlite</c>.</summary>
    public CatalogKind Kind { get; init; } = CatalogKind.Postgres;

    /// <summary>PostgreSQL's host name. Default <c>127.0.0.1</c>.</summary>
    [Required]
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>PostgreSQL's port. Default 5432.</summary>
    /// <value>port</value>
    [Range(1, 65535)]
    public int Port { get; init; } = 5432;

    /// <summary>The database's name. Default <c>assay</c>.</summary>
    [Required]
    public string Database { get; init; } = "assay";

    /// <summary>The role to log in as. Default <c>assay</c>.</summary>
    [Required]
    public string User { get; init; } = "assay";

    /// <summary>The role's password, which PostgreSQL needs: better in a secret file than in the environment. Set it to nothing where the server asks for none, or <c>PGPASSFILE</c> has it.</summary>
    public string? Password { get; init; }

    /// <summary>How the connection is protected: <c>Disable</c>, <c>Prefer</c> (default), <c>Require</c>, <c>VerifyCA</c> or <c>VerifyFull</c>.</summary>
    public Npgsql.SslMode SslMode { get; init; } = Npgsql.SslMode.Prefer;

    /// <summary>Seconds to wait for a connection or an answer. Default 15.</summary>
    /// <value>seconds</value>
    [Range(1, 300)]
    public int TimeoutSeconds { get; init; } = 15;

    /// <summary>The SQLite file. Default <c>assay-data/catalog.db</c>.</summary>
    [Required]
    public string File { get; init; } = "assay-data/catalog.db";

    /// <summary>The database as a person would name it: <c>user@host:port/database</c>, or the file.</summary>
    public string Place => Kind == CatalogKind.Sqlite ? File : $"{User}@{Host}:{Port}/{Database}";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind == CatalogKind.Postgres && Password is null)
            yield return new ValidationResult($"there is none for the role {User}. Set it to nothing if the server asks for none, or PGPASSFILE has it.", [nameof(Password)]);
    }
}

/// <summary>The databases that a catalog can live in.</summary>
public enum CatalogKind
{
    /// <summary>PostgreSQL 15 or newer.</summary>
    Postgres,

    /// <summary>One SQLite file, one process.</summary>
    Sqlite,
}
