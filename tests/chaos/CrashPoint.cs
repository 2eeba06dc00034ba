namespace Assay.Chaos;

/// <summary>A side effect of a service, before or after which it is killed.</summary>
/// <param name="Program">The service.</param>
/// <param name="Server">Where the effect is.</param>
/// <param name="Effect">What the service says to the server, as <see cref="IWire"/> has it.</param>
/// <param name="After">Whether the effect happens before the service dies, which then has no answer.</param>
/// <param name="Following">For an acknowledgement: the publication that comes before it.</param>
/// <param name="Kind">What kind of file gets there.</param>
internal sealed record CrashPoint(string Program, Server Server, string Effect, bool After, string? Following = null, PictureKind Kind = PictureKind.Good)
{
    /// <summary>All of them, in the order of an image's way.</summary>
    public static IReadOnlyList<CrashPoint> All { get; } =
    [
        .. Points("Assay.Ingest", PictureKind.Good, (Server.RabbitMq, "publish ObjectLanded"), (Server.RabbitMq, "ack"), (Server.S3, "PUT bronze .jpg"), (Server.Postgres, "INSERT images"),
            (Server.RabbitMq, "publish ImageIngested"), (Server.RabbitMq, "ack")),
        .. Points("Assay.Preprocess", PictureKind.Good, (Server.S3, "PUT silver .jpg"), (Server.Postgres, "INSERT cleansed"), (Server.RabbitMq, "publish ImageCleansed"), (Server.RabbitMq, "ack")),
        .. Points("Assay.Preprocess", PictureKind.Truncated, (Server.S3, "PUT quarantine .jpg"), (Server.Postgres, "INSERT rejections"), (Server.RabbitMq, "publish ImageRejected"), (Server.RabbitMq, "ack")),
        .. Points("Assay.Enrich", PictureKind.Good, (Server.S3, "PUT gold .jpg"), (Server.S3, "PUT gold .json"), (Server.Postgres, "INSERT enrichments"), (Server.Postgres, "COMMIT"),
            (Server.RabbitMq, "publish ImageEnriched"), (Server.RabbitMq, "ack")),
        .. Points("Assay.Classify", PictureKind.Good, (Server.S3, "PUT gold .json"), (Server.Postgres, "INSERT predictions"), (Server.RabbitMq, "publish ImageClassified"), (Server.RabbitMq, "ack")),
    ];

    /// <inheritdoc/>
    public override string ToString() => $"{Program["Assay.".Length..].ToLowerInvariant()}, {(After ? "after" : "before")} {Effect}{(Following is null ? "" : $" that follows {Following}")}{(Kind == PictureKind.Good ? "" : " (rejected)")}";

    private static IEnumerable<CrashPoint> Points(string program, PictureKind kind, params (Server Server, string Effect)[] effects)
    {
        for (var i = 0; i < effects.Length; i++)
            foreach (var after in new[] { false, true })
                yield return new(program, effects[i].Server, effects[i].Effect, after, effects[i].Effect == "ack" ? effects[i - 1].Effect : null, kind);
    }
}
