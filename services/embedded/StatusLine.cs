using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Assay.Platform.Catalog;

namespace Assay.Embedded;

/// <summary>One source and day as <c>assay status --json</c> prints it.</summary>
/// <param name="Source">The configured source; <c>(unknown)</c> for results of images that the catalog has not taken in.</param>
/// <param name="Day">The day of ingestion (UTC), <c>yyyy-MM-dd</c>.</param>
/// <param name="Seen">Images taken in.</param>
/// <param name="Classified">Images with a label.</param>
/// <param name="Rejected">Images that a stage refused.</param>
/// <param name="Reasons">How many of them by reason code.</param>
/// <param name="InFlight">Images on their way.</param>
/// <param name="Stages">How many of them by the stage that they wait for.</param>
/// <param name="OldestInFlight">When the one that has been on its way for longest was taken in. UTC; null when none is.</param>
/// <param name="Difference">Seen less classified, rejected and in flight: anything but 0 is an alert.</param>
internal sealed record StatusLine(
    string Source,
    string Day,
    long Seen,
    long Classified,
    long Rejected,
    IReadOnlyDictionary<string, long> Reasons,
    long InFlight,
    IReadOnlyDictionary<string, long> Stages,
    DateTime? OldestInFlight,
    long Difference)
{
    private static readonly StatusLineContext Json = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes one line.</summary>
    public static void Write(TextWriter output, LedgerLine line, IReadOnlyDictionary<string, long> reasons) => output.WriteLine(JsonSerializer.Serialize(
        new StatusLine(
            line.Source,
            line.Day,
            line.Seen,
            line.Classified,
            line.Rejected,
            reasons,
            line.InFlight,
            new Dictionary<string, long> { ["preprocess"] = line.InPreprocess, ["enrich"] = line.InEnrich, ["classify"] = line.InClassify },
            line.OldestInFlight,
            line.Difference),
        Json.StatusLine));
}

[JsonSerializable(typeof(StatusLine))]
internal sealed partial class StatusLineContext : JsonSerializerContext;
