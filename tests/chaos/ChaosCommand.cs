using System.CommandLine;
using System.Globalization;

namespace Assay.Chaos;

/// <summary>The command line.</summary>
internal static class ChaosCommand
{
    private static readonly Dictionary<string, Func<Run, int, Task>> Scenarios = new()
    {
        ["storm"] = StormScenario.RunAsync,
        ["outages"] = OutageScenario.RunAsync,
        ["notifications"] = async (run, seed) =>
        {
            await NotificationScenario.RunDroppedAsync(run, seed);
            await NotificationScenario.RunShuffledAsync(run, seed);
        },
        ["restarts"] = RestartScenario.RunAsync,
        ["crashes"] = CrashLoopScenario.RunAsync,
        ["backlog"] = BacklogScenario.RunAsync,
        ["crash-points"] = CrashPointScenario.RunAsync,
    };

    public static RootCommand Create()
    {
        var images = new Option<int>("--images") { Description = "How many images.", DefaultValueFactory = _ => 1000 };
        var seeds = new Option<int[]>("--seed") { Description = "What pictures, victims and orders are drawn from; several: each scenario with each.", DefaultValueFactory = _ => [1] };
        var scenario = new Option<string[]>("--scenario")
        {
            Description = $"{string.Join(", ", Scenarios.Keys)}; several; all of them; or brief, for a few minutes on servers that others use, too.", DefaultValueFactory = _ => ["storm"],
        };
        scenario.AcceptOnlyFromAmong([.. Scenarios.Keys, "all", "brief"]);
        var outage = new Option<int>("--outage-seconds") { Description = "How long a server is away.", DefaultValueFactory = _ => 120 };
        var repeat = new Option<int>("--repeat") { Description = "How often each crash point is tried.", DefaultValueFactory = _ => 20 };
        var betweenKills = new Option<double>("--kill-every") { Description = "Seconds after which a storm kills the next service.", DefaultValueFactory = _ => 5 };
        var serverKills = new Option<int>("--server-kills") { Description = "How often a storm kills each server.", DefaultValueFactory = _ => 3 };
        var report = new Option<FileInfo?>("--report") { Description = "Add this run to the report in this file, in Markdown; the file is made where there is none." };
        var command = new RootCommand("Breaks a deployment in every way it may break, and counts what became of each image. Exit code 0: all that is promised held.")
        {
            images, seeds, scenario, outage, repeat, betweenKills, serverKills, report,
        };
        command.SetAction(async arguments =>
        {
            var run = new Run(
                arguments.GetRequiredValue(images), TimeSpan.FromSeconds(arguments.GetRequiredValue(outage)), arguments.GetRequiredValue(repeat),
                TimeSpan.FromSeconds(arguments.GetRequiredValue(betweenKills)), arguments.GetRequiredValue(serverKills));
            var (drawn, names) = (arguments.GetRequiredValue(seeds), arguments.GetRequiredValue(scenario));
            var words = $"./test chaos --images {run.Images.ToString(CultureInfo.InvariantCulture)} {string.Join(' ', drawn.Select(seed => $"--seed {seed}"))} "
                + $"{string.Join(' ', names.Select(name => $"--scenario {name}"))} --outage-seconds {run.Outage.TotalSeconds:0} --repeat {run.Repeat}"
                + (names.Contains("storm") || names.Contains("all") ? string.Create(CultureInfo.InvariantCulture, $" --kill-every {run.BetweenKills.TotalSeconds} --server-kills {run.ServerKills}") : "");
            var file = arguments.GetValue(report);
            var before = file is { Exists: true } ? await File.ReadAllTextAsync(file.FullName) : ChaosReport.Preamble;
            foreach (var (each, play) in Scenarios.Where(one => names.Contains("all") || names.Contains(one.Key)))
            {
                foreach (var seed in drawn)
                {
                    await play(run, seed);
                    await WriteReportAsync();
                }
            }
            if (names.Contains("brief"))
            {
                await StormScenario.RunBrieflyAsync(run, drawn[0]);
                await WriteReportAsync();
            }
            return run.Results.All(result => result.Holds) ? 0 : 1;

            // After each: a run of hours that is ended before its end leaves what it has found.
            Task WriteReportAsync() => file is null ? Task.CompletedTask : File.WriteAllTextAsync(file.FullName, before + ChaosReport.Section(words, run.Results));
        });
        return command;
    }
}
