using System.Diagnostics.Metrics;
using Assay.Platform.Catalog;

namespace Assay.Platform.Hosting;

/// <summary>What a service counts and times, of the same meter as <see cref="LedgerMetrics"/>. docs/operations.md says what each means; names and units are for ever.</summary>
public static class Meters
{
    /// <summary>An image's way through a stage came to its end.</summary>
    public const string Done = "done";

    /// <summary>The image was refused.</summary>
    public const string Rejected = "rejected";

    /// <summary>An attempt broke off.</summary>
    public const string Retried = "retried";

    /// <summary>The message was given up and is kept among the failures.</summary>
    public const string Failed = "failed";

    /// <summary>An upload is safe in the landing bucket.</summary>
    public const string Accepted = "accepted";

    /// <summary>An upload was the uploader's mistake.</summary>
    public const string Refused = "refused";

    /// <summary>An upload could not be taken now.</summary>
    public const string Unavailable = "unavailable";

    private static readonly Meter Meter = new(LedgerMetrics.MeterName);

    private static readonly Counter<long> Images = Meter.CreateCounter<long>("assay.images", "{image}", "Images by stage and outcome.");
    private static readonly Histogram<double> Stages = Histogram(
        "assay.stage.duration", "s", "How long a stage works on an image.", [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]);
    private static readonly Histogram<double> QueueAge = Histogram(
        "assay.queue.age", "s", "How old a message is when a worker takes it from its queue.", [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400]);
    private static readonly Histogram<double> Latency = Histogram(
        "assay.image.latency", "s", "From the moment an image landed, in whole seconds, to its label.", [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400]);
    private static readonly Counter<long> Uploads = Meter.CreateCounter<long>("assay.uploads", "{file}", "Uploads by outcome.");
    private static readonly Counter<long> Scans = Meter.CreateCounter<long>("assay.scans", "{scan}", "Scans of the sources by outcome.");
    private static readonly Counter<long> ObjectBytes = Meter.CreateCounter<long>("assay.objects.bytes", "By", "Bytes read from and written to the object store.");
    private static readonly Counter<double> DecodeCpu = Meter.CreateCounter<double>("assay.decode.cpu", "s", "Processor time of the service while it decodes, resizes and encodes.");
    private static readonly Histogram<double> ModelTime = Histogram(
        "assay.model.duration", "s", "How long a model takes for its answer.", [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]);
    private static readonly Histogram<double> Confidence = Histogram(
        "assay.model.confidence", "{probability}", "How sure a model is of its answer.", [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1]);
    private static readonly UpDownCounter<long> Models = Meter.CreateUpDownCounter<long>("assay.models.loaded", "{model}", "Models in memory by what they are for.");
    private static readonly Counter<long> Redrives = Meter.CreateCounter<long>("assay.steward.redrives", "{image}", "Overdue images that were announced again.");

    /// <summary>Counts an image, or an attempt at one.</summary>
    public static void CountImage(string stage, string outcome) => Images.Add(1, new("stage", stage), new("outcome", outcome));

    /// <summary>How long a stage has worked.</summary>
    public static void StageTook(string stage, TimeSpan time) => Stages.Record(time.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));

    /// <summary>How old a message was when a worker took it from its queue.</summary>
    public static void WaitedIn(string queue, TimeSpan age) => QueueAge.Record(Math.Max(0, age.TotalSeconds), new KeyValuePair<string, object?>("queue", queue));

    /// <summary>An image has got its label, now; nobody waits for one of bulk work.</summary>
    public static void ImageClassified(Guid imageId, bool isBulk) => Latency.Record(
        Math.Max(0, (DateTimeOffset.UtcNow - ImageIdentity.TimeOf(imageId)).TotalSeconds), new KeyValuePair<string, object?>("lane", isBulk ? "bulk" : "fresh"));

    /// <summary>Begins the counts of what comes in at 0: in a series that begins with its first event Prometheus sees no rise.</summary>
    public static void BeginToTakeIn(IEnumerable<string> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        foreach (var outcome in new[] { Accepted, Refused, Unavailable })
            Uploads.Add(0, new KeyValuePair<string, object?>("outcome", outcome));
        foreach (var source in sources)
        {
            foreach (var outcome in new[] { Done, Failed })
                Scans.Add(0, new("source", source), new("outcome", outcome));
        }
    }

    /// <summary>Counts an upload.</summary>
    public static void CountUpload(string outcome) => Uploads.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Counts a scan of a source.</summary>
    public static void CountScan(string source, string outcome) => Scans.Add(1, new("source", source), new("outcome", outcome));

    /// <summary>Bytes that were read from the object store.</summary>
    public static void CountRead(string layer, long bytes) => ObjectBytes.Add(bytes, new("layer", layer), new("direction", "read"));

    /// <summary>Bytes that were written to it.</summary>
    public static void CountWritten(string layer, long bytes) => ObjectBytes.Add(bytes, new("layer", layer), new("direction", "write"));

    /// <summary>Processor time that decoding took.</summary>
    public static void Decoded(TimeSpan cpu) => DecodeCpu.Add(cpu.TotalSeconds);

    /// <summary>A model has answered.</summary>
    public static void ModelAnswered(string model, TimeSpan time, double confidence)
    {
        var tag = new KeyValuePair<string, object?>("model", model);
        ModelTime.Record(time.TotalSeconds, tag);
        Confidence.Record(confidence, tag);
    }

    /// <summary>A model has been loaded (1), or is used no more (-1).</summary>
    public static void ModelLoaded(string model, string use, int change) => Models.Add(change, new("model", model), new("use", use));

    /// <summary>An image was announced again that was waiting for a stage.</summary>
    public static void CountRedrive(string stage) => Redrives.Add(1, new KeyValuePair<string, object?>("stage", stage));

    private static Histogram<double> Histogram(string name, string unit, string description, double[] boundaries) =>
        Meter.CreateHistogram(name, unit, description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });
}
