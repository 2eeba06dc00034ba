using Microsoft.EntityFrameworkCore;

namespace Assay.Platform.Catalog;

/// <summary>What is or was believed about an image: a row of the view <c>current_labels</c>, or of <see cref="LabelHistory.LabelsAsOf"/>.</summary>
public sealed class BelievedLabel
{
    /// <summary>The image.</summary>
    public required Guid ImageId { get; init; }

    /// <summary>The name of the models that answer the question.</summary>
    public required string Model { get; init; }

    /// <summary>What the image shows.</summary>
    public required string Label { get; init; }

    /// <summary>The model's confidence in its own answer, 0 to 1; null where only a person has answered.</summary>
    public double? Confidence { get; init; }

    /// <summary>Whether that reaches the model's threshold.</summary>
    public bool? Accepted { get; init; }

    /// <summary>The person whose verdict it is; null where it is the model's answer.</summary>
    public string? Reviewer { get; init; }

    /// <summary>The model's answer.</summary>
    public Guid? PredictionId { get; init; }

    /// <summary>The version that gave it.</summary>
    public string? ModelVersion { get; init; }

    /// <summary>Lower-case hex SHA-256 of that version's package.</summary>
    public string? PackageSha256 { get; init; }

    /// <summary>When it was said, by the person or by the model. UTC.</summary>
    public required DateTime DecidedAt { get; init; }
}

/// <summary>What was believed at another time.</summary>
public static class LabelHistory
{
    /// <summary>What <c>current_labels</c> showed at a time: later answers, verdicts and transitions are left out.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="time">The time, UTC.</param>
    public static IQueryable<BelievedLabel> LabelsAsOf(this CatalogContext catalog, DateTime time)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.Set<BelievedLabel>().FromSql($"""
            SELECT b.image_id, b.model, COALESCE(v.label, p.label) AS label, p.confidence, p.accepted,
                   v.reviewer, p.id AS prediction_id, p.model_version, p.package_sha256, COALESCE(v.decided_at, p.predicted_at) AS decided_at
            FROM (SELECT image_id, model FROM predictions WHERE role = 'active' AND predicted_at <= {time}
                  UNION SELECT image_id, model FROM verdicts WHERE decided_at <= {time}) AS b
            LEFT JOIN predictions p ON p.id = (
                SELECT x.id FROM predictions x
                LEFT JOIN (
                    SELECT m.name, m.package_sha256 FROM models m
                    JOIN model_transitions t ON t.name = m.name AND t.version = m.version AND t.state = 'active' AND t.number = (
                        SELECT MAX(y.number) FROM model_transitions y WHERE y.name = m.name AND y.version = m.version AND y.changed_at <= {time})
                ) AS s ON s.name = x.model AND s.package_sha256 = x.package_sha256
                WHERE x.image_id = b.image_id AND x.model = b.model AND x.role = 'active' AND x.predicted_at <= {time}
                ORDER BY CASE WHEN s.name IS NULL THEN 1 ELSE 0 END, x.predicted_at DESC, x.id LIMIT 1)
            LEFT JOIN verdicts v ON v.id = (
                SELECT x.id FROM verdicts x WHERE x.image_id = b.image_id AND x.model = b.model AND x.decided_at <= {time} ORDER BY x.decided_at DESC, x.id LIMIT 1)
            """).AsNoTracking();
    }
}
