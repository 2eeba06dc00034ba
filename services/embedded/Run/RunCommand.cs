using System.CommandLine;
using System.Diagnostics;
using Assay.Embedded.Models;
using Assay.Ingest.Local;
using Assay.Platform.Hosting;

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
            if (Usage.UnknownOption(result.Tokens.Select(token => token.Value)) is { } option)
                result.AddError(Usage.NoSuchOption(option));
            else if (result.Tokens.FirstOrDefault(token => !Path.Exists(token.Value)) is { } missing)
                result.AddError($"There is no file or folder '{missing.Value}'.{(missing.Value.Contains('\uFFFD') ? " Its name is not UTF-8: rename it." : "")}");
            else if (result.Tokens.Select(token => LocalFiles.DataFolderOf(token.Value)).FirstOrDefault(folder => folder is not null) is { } dataFolder)
                result.AddError($"{dataFolder} is an Assay data folder: what is in it has been taken in already.");
        });
        var command = new Command("run", "Takes images in and through all stages, in this process; knows what it has taken in already. Exit code 0: all is done; 1: something is left or could not be read; 2: wrong usage or setting.") { paths, DataFolder.Option, json, watch };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(paths), parsed.GetRequiredValue(DataFolder.Option), parsed.GetValue(json), parsed.GetValue(watch), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] paths, string dataPath, bool json, bool watch, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        if (paths.FirstOrDefault(path => DataFolder.Holds(dataPath, path)) is { } own)
            throw new SettingsException($"--data {dataPath} cannot be where the images are: it holds {own}. Name a folder of its own.");
        var data = DataFolder.Make(dataPath);
        using var hold = data.Lock();
        using var host = await EmbeddedHost.PrepareAsync(data, [.. EmbeddedHost.Stages, new RunStage()], cancellationToken);
        await FirstModel.MakeActiveAsync(host.Services, "assay run", cancellationToken);
        var run = host.Services.GetRequiredService<ImageRun>();
        var (progress, shadows) = (host.Services.GetRequiredService<RunProgress>(), host.Services.GetRequiredService<ShadowProgress>());
        var output = new RunOutput(data, json, watch);
        // That the data folder lies among the pictures is as it should be: that is where it is made.
        void PassOver(PassedOver entry)
        {
            if (!data.Is(entry.Path))
                output.PassOver(entry);
        }

        await host.StartAsync(cancellationToken);
        var reporting = run.ReportEndsAsync(output);
        var isStopped = false;
        try
        {
            await output.ShowWhileAsync(progress, shadows, async () =>
            {
                await run.ResumeAsync(cancellationToken);
                await run.TakeAsync(Find(paths, watch, PassOver, cancellationToken), output, cancellationToken);
                await progress.WaitForAllAsync(cancellationToken);
                await shadows.WaitAsync(most: 0, cancellationToken);
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

        var unfinished = await run.ReportLeftAsync(output);
        output.Summarise(run, unfinished, isStopped, Stopwatch.GetElapsedTime(started));
        return unfinished > 0 || output.HasFailures || (isStopped && !watch) ? AssayCommand.Unfinished : AssayCommand.Done;
    }

    private static IAsyncEnumerable<(FileInfo File, string Root)> Find(string[] paths, bool watch, Action<PassedOver> tell, CancellationToken cancellationToken) => watch
        ? new FolderWatch(paths, WatchPause, TimeProvider.System, tell).FilesAsync(cancellationToken)
        : paths.SelectMany(path => LocalFiles.Under(path, tell, cancellationToken).Select(file => (File: file, Root: path))).ToAsyncEnumerable();
}
