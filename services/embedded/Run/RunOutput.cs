using System.Collections.Concurrent;
using System.Globalization;
using Assay.Ingest.Local;
using Assay.Platform.Catalog;
using Spectre.Console;

namespace Assay.Embedded.Run;

/// <summary>What a run shows: progress and the summary on standard error when standard output is JSON, else on standard output; what went wrong always on standard error.</summary>
internal sealed class RunOutput(DataFolder data, bool json, bool watch)
{
    // Beyond that a table is no longer read, but searched.
    private const int MostRows = 200;

    // Of five columns: six lines, and a blank on both sides of each cell.
    private const int BordersOfTable = 16;

    // In a narrower terminal a rejection is only its code.
    private const int WidthForSentences = 120;
    private const int LeastSentence = 40;
    private const int LeastName = 12;

    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole console = Terminal.Open(json ? Console.Error : Console.Out);
    private readonly ConcurrentQueue<PassedOver> passedOver = [];
    private readonly ConcurrentQueue<string> messages = [];
    private readonly List<ImageStatus> images = [];
    private int count;

    /// <summary>Whether anything went wrong that somebody has to look at.</summary>
    public bool HasFailures { get; private set; }

    /// <summary>Takes what went wrong: a file that could not be read, an image that a stage gave up on for now.</summary>
    public void Fail(string failure)
    {
        HasFailures = true;
        Warn(failure);
    }

    /// <summary>Takes what somebody should know: said at once by a watch, otherwise at the end, where no progress covers it.</summary>
    public void Warn(string message)
    {
        if (watch)
            Terminal.WriteError(message);
        else
            messages.Enqueue(message);
    }

    /// <summary>Takes what was found and is not taken in.</summary>
    public void PassOver(PassedOver entry)
    {
        if (entry.IsFailure)
            Fail($"{entry.Path} {entry.Why}.");
        else
            passedOver.Enqueue(entry);
    }

    /// <summary>Takes the result of one image.</summary>
    public void Add(ImageStatus image, ImageShare share)
    {
        count++;
        if (json)
            JsonLine.Write(Console.Out, image, share, data);
        else if (watch)
            console.MarkupLine($"{Name(image, int.MaxValue)}  {Kind(image)}  {Confidence(image)}  {image.Status}  {Markup.Escape(image.Reason ?? "")}");
        else
            images.Add(image);
    }

    /// <summary>Shows progress while the work is done.</summary>
    public async Task ShowWhileAsync(RunProgress progress, ShadowProgress shadows, Func<Task> work)
    {
        if (watch)
            console.MarkupLine("[grey]Watching. Ctrl-C stops.[/]");
        // A file or a pipe would keep what was true for a moment.
        if (watch || !console.Profile.Out.IsTerminal)
        {
            await work();
            return;
        }
        await console.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(async display =>
            {
                var bar = display.AddTask("starting", maxValue: 1);
                using var timer = new PeriodicTimer(Refresh);
                var working = work();
                while (!working.IsCompleted && await timer.WaitForNextTickAsync())
                    Show(bar, progress, shadows);
                await working;
            });
    }

    /// <summary>Ends the output: the table, then what went wrong, then the sum of it.</summary>
    public void Summarise(ImageRun run, int unfinished, bool isStopped, TimeSpan elapsed)
    {
        if (images.Count > 0)
            console.Write(Table());
        if (images.Count > MostRows)
            console.MarkupLineInterpolated($"[grey]… and {images.Count - MostRows} more: --json prints all of them.[/]");
        foreach (var same in passedOver.GroupBy(entry => entry.Why))
            Terminal.WriteError($"{same.First().Path} {same.Key} and was passed over{(same.Count() > 1 ? $", and {same.Count() - 1} more" : "")}.");
        foreach (var message in messages)
            Terminal.WriteError(message);
        var (again, resumed) = (run.Count(ImageShare.Again), run.Count(ImageShare.Resumed));
        var shares = $"{run.Count(ImageShare.New)} taken in, {run.Count(ImageShare.Known)} known already"
            + (again > 0 ? $", {again} done again because a setting or the model has changed" : "")
            + (resumed > 0 ? $", {resumed} left over from an earlier run (tried one by one, which takes longer)" : "");
        var all = run.All;
        console.MarkupLineInterpolated($"{(count == all ? "" : $"{count} of ")}{all} {(all == 1 ? "image" : "images")}{(count == all ? "" : " have ended")}: {shares}. {elapsed.TotalSeconds:0.0} s. Everything is in {Terminal.Printable(data.ToString())}.");
        if (isStopped || unfinished > 0)
            console.MarkupLineInterpolated($"[yellow]{(isStopped ? "Stopped" : "Unfinished")}: {unfinished} under way. The same command goes on from here.[/]");
    }

    private static void Show(ProgressTask bar, RunProgress progress, ShadowProgress shadows)
    {
        var (taken, ended) = (progress.Reached(RunStep.TakenIn), progress.Reached(RunStep.Ended));
        bar.Description = $"{taken} begun, {progress.Reached(RunStep.Cleansed)} in silver, {progress.Reached(RunStep.Enriched)} in gold, {ended} done" + (ended == taken && shadows.Unseen > 0 ? $", {shadows.Unseen} to be shown to shadow models" : "");
        bar.MaxValue = Math.Max(1, taken);
        bar.Value = ended;
    }

    private Table Table()
    {
        var rows = images.OrderBy(image => image.RawPath, StringComparer.Ordinal).Take(MostRows).ToList();
        // The sentence is in `assay show`, too.
        var isNarrow = console.Profile.Width < WidthForSentences;
        var reasonWidth = isNarrow ? rows.Max(image => Math.Max("Reason".Length, image.Reason?.Length ?? 0)) : LeastSentence;
        var others = BordersOfTable + rows.Max(image => Math.Max("Kind".Length, (image.Label?.Length ?? 0) + " ?".Length)) + "Confidence".Length + "classified".Length + reasonWidth;
        var nameWidth = console.Profile.Out.IsTerminal ? Math.Max(LeastName, console.Profile.Width - others) : int.MaxValue;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Name", "Kind", "Confidence", "Status", "Reason");
        table.Columns[2].RightAligned();
        foreach (var image in rows)
        {
            table.AddRow(
                Name(image, nameWidth), Kind(image), Confidence(image), image.Status == ImageStatus.Rejected ? $"[red]{image.Status}[/]" : image.Status,
                isNarrow ? image.Reason ?? "" : Reason(image));
        }
        if (images.Exists(image => image.Accepted == false))
            table.Caption("? under the model's threshold for this kind: a person should look");
        return table;
    }

    // Names are a stranger's: no line breaks or terminal control sequences.
    private static string Name(ImageStatus image, int width) => Markup.Escape(Terminal.Shorten(Terminal.Printable(image.RawName), width));

    private static string Kind(ImageStatus image) => Markup.Escape(image.Label ?? "") + (image.Accepted == false ? " [yellow]?[/]" : "");

    private static string Confidence(ImageStatus image) => image.Confidence?.ToString("P0", CultureInfo.InvariantCulture) ?? "";

    private static string Reason(ImageStatus image) => image.Reason is null ? "" : $"[bold]{image.Reason}[/]: {Markup.Escape(Terminal.Printable(image.Detail ?? ""))}";
}
