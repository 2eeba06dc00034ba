using System.CommandLine;
using System.Diagnostics;
using Assay.Ingest.Local;

namespace Assay.Embedded.Run;

/// <summary><c>assay run</c>: takes files, folders and archives through all stages in this process.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan WatchPause = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH") { Description = "Files, folders and archives (zip, tar, tar.gz).", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "One JSON object per image on standard output; progress on standard error." };
        var watch = new Option<bool>("--watch") { Description = "Keep running and take what is dropped into the folders." };
        paths.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => !Path.Exists(token.Value)) is { } missing)
                result.AddError($"There is no file or folder {missing.Value}.");
        });
        var command = new Command("run", "Takes images in and through all stages, in this process; knows what it has taken in already.") { paths, DataFolder.Option, json, watch };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(paths), parsed.GetRequiredValue(DataFolder.Option), parsed.GetValue(json), parsed.GetValue(watch), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] paths, string dataPath, bool json, bool watch, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var data = DataFolder.Make(dataPath);
        using var hold = data.Lock();
        using var host = await EmbeddedHost.PrepareAsync(data, [.. EmbeddedHost.Stages, new RunStage()], cancellationToken);
        var run = host.Services.GetRequiredService<ImageRun>();
        var progress = host.Services.GetRequiredService<RunProgress>();
        var output = new RunOutput(data, json, watch);

        await host.StartAsync(cancellationToken);
        var reporting = run.ReportEndsAsync(output.Add);
        var isStopped = false;
        try
        {
            await output.ShowWhileAsync(progress, async () =>
            {
                await run.ResumeAsync(cancellationToken);
                await run.TakeAsync(Find(paths, data, watch, cancellationToken), output.Add, cancellationToken);
                await progress.WaitForAllAsync(cancellationToken);
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            isStopped = true;
        }
        // What has begun finishes; what has not begun waits in the catalog.
        await host.StopAsync(CancellationToken.None);
        progress.Complete();
        await reporting;

        var unfinished = await run.CountUnfinishedAsync();
        output.Summarise(run, unfinished, isStopped, Stopwatch.GetElapsedTime(started));
        return unfinished > 0 || !run.Failures.IsEmpty || (isStopped && !watch) ? AssayCommand.Unfinished : AssayCommand.Done;
    }

    // The data folder may lie among the pictures: `assay run .` must not take its own layers for more of them.
    private static IAsyncEnumerable<(FileInfo File, string Root)> Find(string[] paths, DataFolder data, bool watch, CancellationToken cancellationToken) => (watch
        ? new FolderWatch(paths, WatchPause, TimeProvider.System).FilesAsync(cancellationToken)
        : paths.SelectMany(path => LocalFiles.Under(path).Select(file => (File: file, Root: path))).ToAsyncEnumerable())
        .Where(found => !data.Holds(found.File.FullName) || data.Holds(found.Root));
}
