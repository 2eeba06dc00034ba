using System.Text.Json;

namespace Assay.Tests.Observability;

/// <summary>The dashboards of deploy/observability.</summary>
internal static class Dashboard
{
    /// <summary>The files, in the order of their names.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy", "observability", "grafana", "dashboards"), "*.json").Order(StringComparer.Ordinal)];

    /// <summary>What its panels ask Prometheus, in Grafana's words.</summary>
    public static IReadOnlyList<(string Title, string Expression)> PanelsOf(string file)
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(file));
        return
        [
            .. from panel in dashboard.RootElement.GetProperty("panels").EnumerateArray()
               from target in panel.GetProperty("targets").EnumerateArray()
               select (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!),
        ];
    }
}
