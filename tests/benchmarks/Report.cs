using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Assay.Benchmarks;

/// <summary>What a command found out: a table in Markdown on standard output, row by row as it comes, and at the end the same numbers as JSON.</summary>
/// <typeparam name="TRow">A row, as it stands in the JSON.</typeparam>
internal sealed class Report<TRow>(FileInfo? json, params string[] columns)
{
    private readonly List<TRow> rows = [];
    private readonly string machine = Machine.Describe("libturbojpeg0", "libvips-tools", "libheif-examples");

    public IReadOnlyList<TRow> Rows => rows;

    public void Begin()
    {
        Console.WriteLine($"{machine}\n");
        Console.WriteLine($"| {string.Join(" | ", columns)} |");
        Console.WriteLine($"| {string.Join(" | ", columns.Select(_ => "---"))} |");
    }

    public void Add(TRow row, params object[] cells)
    {
        rows.Add(row);
        Console.WriteLine($"| {string.Join(" | ", cells)} |");
    }

    public void End()
    {
        if (json is not null)
            File.WriteAllText(json.FullName, JsonSerializer.Serialize(new { machine, rows }, ReportFormat.Json));
    }
}

/// <summary>What all reports have in common.</summary>
internal static class ReportFormat
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Option<FileInfo?> JsonOption() => new("--json") { Description = "Write the numbers to this file, too." };
}
