using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Assay.Platform.Catalog;

/// <summary>The views: the same SQL for both databases, but for the day of a time. Migrations make them anew when one changes.</summary>
internal static partial class CatalogViews
{
    // In the order of their dependencies.
    private static readonly string[] Names = ["model_states", "image_status", "ledger", "ledger_rejections", "current_labels", "needs_review", "lineage", "open_failures", "failure_groups"];

    public static void Create(MigrationBuilder migration)
    {
        var postgres = migration.ActiveProvider == "Npgsql.EntityFrameworkCore.PostgreSQL";
        foreach (var name in Names)
            migration.Sql(UtcDay().Replace(Read(name), postgres ? "to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD')" : "date($1)"));
    }

    public static void Drop(MigrationBuilder migration)
    {
        foreach (var name in Names.Reverse())
            migration.Sql($"DROP VIEW IF EXISTS {name};");
    }

    private static string Read(string name)
    {
        var assembly = typeof(CatalogViews).Assembly;
        using var stream = assembly.GetManifestResourceStream($"Assay.Platform.Catalog.Views.{name}.sql")
            ?? throw new InvalidOperationException($"The view {name}.sql is not embedded in {assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\{utc-day:([\w.]+)\}")]
    private static partial Regex UtcDay();
}
