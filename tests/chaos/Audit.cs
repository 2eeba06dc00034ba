using Assay.Platform.Objects;

namespace Assay.Chaos;

/// <summary>What became of everything, as the journal, the catalog and the buckets say when it is quiet.</summary>
internal sealed class Audit
{
    private const int ReadsAtATime = 8;

    private readonly List<string> faults = [];
    private bool workedOff;

    public int Attempted { get; private set; }

    public int Accepted { get; private set; }

    /// <summary>Uploads whose answer was lost and which have landed all the same: they are held to the same.</summary>
    public int Landed { get; private set; }

    public int Classified { get; private set; }

    public int Rejected { get; private set; }

    /// <summary>Accepted or landed, and without an end.</summary>
    public int Lost { get; private set; }

    /// <summary>With a fact too many, or two ends.</summary>
    public int Duplicated { get; private set; }

    /// <summary>Another end than the file's kind asks for, an image that nobody uploaded, a message that nobody could handle, an object that belongs to no fact.</summary>
    public int Unexpected { get; private set; }

    /// <summary>Images whose silver, gold or sidecar is not that of the fault-free run, or whose bytes are not those of the catalog.</summary>
    public int Different { get; private set; }

    /// <summary>Landed before one of the faults and ended after it.</summary>
    public int Recovered { get; private set; }

    /// <summary>Whether seen = classified + rejected, and nothing in flight that should not be, in every line of the ledger.</summary>
    public bool Balanced { get; private set; }

    /// <summary>Whether all that was promised is so.</summary>
    public bool Holds => Lost + Duplicated + Unexpected + Different == 0 && Balanced;

    /// <summary>One sentence for each thing that is wrong.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>What each picture has in silver and gold, by number.</summary>
    public Dictionary<int, Layers> Layers { get; } = [];

    /// <summary>Looks at everything.</summary>
    /// <param name="system">A system that has settled, or whose services have ended.</param>
    /// <param name="pictures">What was uploaded.</param>
    /// <param name="reference">The layers of a fault-free run, or null where this is it.</param>
    /// <param name="workedOff">Whether everything must have come to its end. Otherwise images may wait in the landing bucket and in queues, and be in flight.</param>
    public static async Task<Audit> MakeAsync(TestSystem system, IReadOnlyCollection<Picture> pictures, IReadOnlyDictionary<int, Layers>? reference, bool workedOff = true)
    {
        var audit = new Audit { workedOff = workedOff };
        var journal = system.Journal.Read();
        audit.Attempted = journal.Count(entry => entry.Event == Journal.Attempt);
        var accepted = journal.Where(entry => entry.Event == Journal.Accepted).Select(entry => entry.Key!).ToHashSet();
        audit.Accepted = accepted.Count;
        var deployment = system.Deployment;
        var landed = await deployment.Objects.ListAsync(deployment.Landing, "", CancellationToken.None).Select(landing => landing.Key).ToHashSetAsync();
        audit.Landed = landed.Except(accepted).Count();
        // The journal is what was promised, whatever the bucket says.
        foreach (var gone in accepted.Except(landed))
            audit.Say(nameof(Lost), $"{gone} was accepted and is not in the landing bucket");
        await audit.LookAtEndsAsync(system, landed, pictures.ToDictionary(picture => picture.Number), journal);
        await audit.LookAtLayersAsync(deployment, reference);
        audit.Balanced = await deployment.CountAsync($"COUNT(*) FROM ledger WHERE difference <> 0 OR seen <> classified + rejected + {(workedOff ? "0" : "in_flight")}") == 0;
        if (await system.MessagesAsync() is not { Failed: 0 } messages || (workedOff && messages.Work > 0))
            audit.Say(nameof(Unexpected), $"messages are left: {string.Join(", ", (await deployment.QueuesAsync()).Where(queue => queue.Value != 0))}");
        foreach (var group in await deployment.QueryAsync("SELECT stage, exception, waiting FROM failure_groups"))
            audit.Say(nameof(Unexpected), $"{group[2]} messages are kept that {group[0]} could not finish: {group[1]}");
        return audit;
    }

    private async Task LookAtEndsAsync(TestSystem system, HashSet<string> landed, Dictionary<int, Picture> pictures, IReadOnlyList<Entry> journal)
    {
        var attempts = journal.Where(entry => entry.Event == Journal.Attempt).Select(entry => entry.Name).ToHashSet();
        var faultTimes = journal.Where(entry => entry.Event == Journal.Fault).Select(entry => entry.Time).ToList();
        var rows = await system.Deployment.QueryAsync("""
            SELECT s.raw_path, s.raw_name, s.status, s.reason, s.uploaded_at, COALESCE(s.predicted_at, (SELECT MAX(r.rejected_at) FROM rejections r WHERE r.image_id = s.image_id)),
                   (SELECT COUNT(*) FROM cleansed c WHERE c.image_id = s.image_id), (SELECT COUNT(*) FROM enrichments e WHERE e.image_id = s.image_id),
                   (SELECT COUNT(*) FROM predictions p WHERE p.image_id = s.image_id), (SELECT COUNT(*) FROM rejections r WHERE r.image_id = s.image_id)
            FROM image_status s
            """);
        foreach (var missing in landed.Except(rows.Select(row => (string)row[0]!)).Where(_ => workedOff))
            Say(nameof(Lost), $"{missing} landed and was never taken in");
        foreach (var twice in rows.GroupBy(row => (string)row[0]!).Where(same => same.Count() > 1))
            Say(nameof(Duplicated), $"{twice.Key} was taken in {twice.Count()} times");
        foreach (var row in rows)
        {
            var (path, name, status, reason) = ((string)row[0]!, (string)row[1]!, (string)row[2]!, (string?)row[3]);
            var (cleansed, enriched, predicted, rejected) = ((long)row[6]!, (long)row[7]!, (long)row[8]!, (long)row[9]!);
            if (!landed.Contains(path) || !attempts.Contains(name) || !pictures.TryGetValue(Picture.NumberOf(name), out var picture))
            {
                Say(nameof(Unexpected), $"{path} ({name}) was never uploaded");
                continue;
            }
            if (cleansed > 1 || enriched > 1 || predicted + rejected > 1)
                Say(nameof(Duplicated), $"{path}: {cleansed} × cleansed, {enriched} × enriched, {predicted} × predicted, {rejected} × rejected");
            if (status == "in flight" && !workedOff)
                continue;
            if (status == "in flight")
                Say(nameof(Lost), $"{path} is in flight ({cleansed} × cleansed, {enriched} × enriched)");
            else if (reason != picture.Reason)
                Say(nameof(Unexpected), $"{path} is {status} ({reason}), not {picture.Reason ?? "classified"}");
            else if (faultTimes.Any(time => (DateTime)row[4]! < time && time < (DateTime)row[5]!))
                Recovered++;
            Classified += status == "classified" ? 1 : 0;
            Rejected += status == "rejected" ? 1 : 0;
        }
    }

    private async Task LookAtLayersAsync(Tests.Distributed.Deployment deployment, IReadOnlyDictionary<int, Layers>? reference)
    {
        var known = new HashSet<string>();
        var rows = await deployment.QueryAsync("""
            SELECT i.raw_name, i.bronze_bucket, i.bronze_key, i.sha256, c.silver_bucket, c.silver_key, c.sha256, e.gold_bucket, e.gold_key, e.sidecar_key, e.sha256, r.quarantine_bucket, r.quarantine_key
            FROM images i LEFT JOIN cleansed c ON c.image_id = i.id LEFT JOIN enrichments e ON e.image_id = i.id LEFT JOIN rejections r ON r.image_id = i.id
            """);
        var gate = new Lock();
        await Parallel.ForEachAsync(rows.Select(row => Array.ConvertAll(row, cell => (string?)cell)), new ParallelOptions { MaxDegreeOfParallelism = ReadsAtATime }, async (text, _) =>
        {
            var (faults, layers) = await ReadAsync(deployment.Objects, text, reference);
            lock (gate)
            {
                known.UnionWith([$"{text[1]}/{text[2]}", $"{text[4]}/{text[5]}", $"{text[7]}/{text[8]}", $"{text[7]}/{text[9]}", $"{text[11]}/{text[12]}"]);
                faults.ForEach(fault => Say(nameof(Different), fault));
                if (layers is not null)
                    Layers[Picture.NumberOf(text[0]!)] = layers;
            }
        });
        foreach (var layer in Layer.All)
        {
            var bucket = $"{deployment.Name}-{layer}";
            await foreach (var stray in deployment.Objects.ListAsync(bucket, "", CancellationToken.None).Where(found => !known.Contains($"{found.Bucket}/{found.Key}")))
                Say(nameof(Unexpected), $"{stray.Bucket}/{stray.Key} belongs to no fact");
        }
    }

    private static IEnumerable<string> Differences(Layers layers, Layers? wanted) =>
        new[] { ("silver", layers.Silver == wanted?.Silver), ("gold", layers.Gold == wanted?.Gold), ("sidecar", layers.Sidecar == wanted?.Sidecar) }
            .Where(part => !part.Item2).Select(part => part.Item1);

    private static async Task<(List<string> Faults, Layers? Layers)> ReadAsync(IObjectStore objects, string?[] text, IReadOnlyDictionary<int, Layers>? reference)
    {
        List<string> faults = [];
        try
        {
            if (await Chaos.Layers.HashAsync(objects, text[1]!, text[2]!) != text[3])
                faults.Add($"{text[1]}/{text[2]} does not have the checksum that the catalog says");
            if (text[11] is not null && await Chaos.Layers.HashAsync(objects, text[11]!, text[12]!) != text[3])
                faults.Add($"{text[11]}/{text[12]} is not a copy of the original");
            if (text[7] is null)
                return (faults, null);
            var wanted = reference?.GetValueOrDefault(Picture.NumberOf(text[0]!));
            var layers = await Chaos.Layers.ReadAsync(objects, (text[4]!, text[5]!), (text[7]!, text[8]!), text[9]!);
            if (layers.Silver != text[6] || layers.Gold != text[10])
                faults.Add($"{text[5]}: silver or gold does not have the checksum that the catalog says");
            else if (reference is not null && wanted != layers)
                faults.Add($"{text[0]}: not as in the fault-free run: {string.Join(", ", Differences(layers, wanted))}");
            return (faults, layers);
        }
        catch (ObjectMissingException missing)
        {
            return ([.. faults, missing.Message], null);
        }
    }

    private void Say(string what, string detail)
    {
        faults.Add($"{what}: {detail}");
        _ = what switch
        {
            nameof(Lost) => Lost++,
            nameof(Duplicated) => Duplicated++,
            nameof(Different) => Different++,
            _ => Unexpected++,
        };
    }
}
