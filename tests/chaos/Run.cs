namespace Assay.Chaos;

/// <summary>What all scenarios of a run share: its options, the layers of fault-free runs, and what has come of it so far.</summary>
/// <param name="images">How many images.</param>
/// <param name="outage">How long a server is away in the outage scenario.</param>
/// <param name="repeat">How often each crash point is tried.</param>
/// <param name="betweenKills">How long a storm waits before it kills the next service.</param>
/// <param name="serverKills">How often a storm kills each server.</param>
internal sealed class Run(int images, TimeSpan outage, int repeat, TimeSpan betweenKills, int serverKills)
{
    private const int BusLost = 3;

    private readonly Dictionary<Picture, Layers> faultFree = [];
    private readonly List<Result> results = [];

    public int Images => images;

    public TimeSpan Outage => outage;

    public int Repeat => repeat;

    public TimeSpan BetweenKills => betweenKills;

    public int ServerKills => serverKills;

    public IReadOnlyList<Result> Results => results;

    /// <summary>Nothing has moved for so long: then it never will.</summary>
    public static TimeSpan Patience => TimeSpan.FromMinutes(3);

    /// <summary>The layers of these pictures in a run in which nothing is broken. Each is run once.</summary>
    /// <exception cref="InvalidOperationException">Even that run has something wrong.</exception>
    public async Task<IReadOnlyDictionary<int, Layers>> FaultFreeAsync(IReadOnlyList<Picture> pictures)
    {
        List<Picture> missing = [.. pictures.Where(picture => picture.Reason is null && !faultFree.ContainsKey(picture))];
        if (missing.Count > 0)
        {
            Console.WriteLine($"fault-free run of {pictures.Count} images …");
            await using var system = await TestSystem.StartAsync("fault-free");
            await new Uploader(system, notify: 1, new Random(0)).UploadAsync(pictures);
            await system.SettleAsync(Patience);
            var audit = await Audit.MakeAsync(system, pictures, reference: null);
            if (!audit.Holds)
                throw new InvalidOperationException($"The fault-free run is not without fault:\n{string.Join('\n', audit.Faults.Take(20))}\nLogs: {system.Folder}");
            foreach (var picture in missing)
                faultFree[picture] = audit.Layers[picture.Number];
            await system.DisposeAsync();
            system.Folder.Delete(recursive: true);
        }
        return pictures.Where(picture => picture.Reason is null).ToDictionary(picture => picture.Number, picture => faultFree[picture]);
    }

    /// <summary>Waits for quiet, unless it has settled after so long already, looks at everything, and writes the row down. What is not to be worked off is ended where it is.</summary>
    public async Task ConcludeAsync(
        string scenario, int seed, TestSystem system, IReadOnlyList<Picture> pictures, IReadOnlyDictionary<int, Layers>? reference, string faults, Func<TimeSpan, (string Notes, string[] Broken)>? judge = null, bool workedOff = true, TimeSpan? settled = null)
    {
        TimeSpan? quiet = workedOff ? settled ?? await system.SettleAsync(Patience) : null;
        if (!workedOff)
            await Task.WhenAll(system.Services.Select(service => service.EndAsync()));
        var audit = await Audit.MakeAsync(system, pictures, reference, workedOff);
        var (notes, broken) = judge?.Invoke(quiet ?? default) ?? ("", []);
        var accepted = system.Journal.Read().Where(entry => entry.Event == Journal.Accepted).Select(entry => Picture.NumberOf(entry.Name)).Distinct().Count();
        var ended = system.Services.SelectMany(service => service.EndedByItself.Select(code => (service.Program, Code: code))).ToList();
        if (ended.Count > 0)
            notes = $"{notes}{(notes.Length > 0 ? "; " : "")}{ended.Count} services ended by themselves";
        // One that says that its bus does not come back may.
        broken = [.. broken, .. ended.Where(end => end.Code != BusLost).Select(end => $"{end.Program} ended by itself with {end.Code}")];
        if (accepted != pictures.Count)
            broken = [.. broken, $"only {accepted} of {pictures.Count} images were accepted at all"];
        var result = new Result(scenario, seed, audit, faults, quiet, notes, broken);
        results.Add(result);
        Console.WriteLine(result.ToMarkdown());
        foreach (var complaint in result.Complaints(20))
            Console.WriteLine($"  {complaint}");
        // The services end first: their last logs are in the folder then.
        await system.DisposeAsync();
        if (result.Holds)
            system.Folder.Delete(recursive: true);
        else
            Console.WriteLine($"  journal and logs: {system.Folder}");
    }
}
