using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Assay.Ingest;
using Assay.Platform.Hosting;
using Assay.Preprocess;

namespace Assay.Embedded.Verify;

/// <summary><c>assay verify</c>: compares layers and catalog. Exit code 1 while they do not agree.</summary>
internal static class VerifyCommand
{
    private const int DefaultSample = 1000;
    private const int DefaultGrace = 10;

    // Of one the landing buckets are needed, of the other the way from bronze to silver.
    private static readonly IStage[] Stages = [new IngestStage(), new PreprocessStage()];

    public static Command Create()
    {
        var all = new Option<bool>("--all") { Description = "Read every object, and not only those of a sample." };
        var sample = new Option<int>("--sample")
        {
            Description = "Of how many images the objects are read: the newest, and as many at random.",
            DefaultValueFactory = _ => DefaultSample,
            HelpName = "IMAGES",
            CustomParser = WholeNumber,
        };
        var grace = new Option<int>("--grace")
        {
            Description = "What was written within so many minutes is not judged where a stage may be at work on it.",
            DefaultValueFactory = _ => DefaultGrace,
            HelpName = "MINUTES",
            CustomParser = WholeNumber,
        };
        var repair = new Option<bool>("--repair") { Description = "Make again what can be made from other copies, from originals and from the catalog. Nothing is deleted." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object per finding." };
        var command = new Command("verify", "Compares layers and catalog: missing, damaged and unknown objects, and sidecars that say something else. Exit code 0: nothing found, or all of it mended; 1: findings are left; 2: wrong usage or setting.") { all, sample, grace, repair, json };
        Installation.AddOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) && result.GetResult(sample) is { Implicit: false })
                result.AddError("--all and --sample are two answers to one question.");
        });
        command.SetAction((parsed, cancellationToken) => Installation.UseAsync(
            parsed, Stages,
            place => RunAsync(
                place, parsed.GetValue(all) ? null : parsed.GetValue(sample), TimeSpan.FromMinutes(parsed.GetValue(grace)), parsed.GetValue(repair), parsed.GetValue(json), cancellationToken),
            cancellationToken));
        return command;
    }

    private static int WholeNumber(ArgumentResult result)
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} must be a whole number, 0 or more.");
        return 0;
    }

    private static async Task<int> RunAsync(Installation place, int? sample, TimeSpan grace, bool repair, bool json, CancellationToken cancellationToken)
    {
        // Two who write into one data folder would be one too many.
        using var hold = repair ? place.Folder?.Lock() : null;
        var output = new VerifyOutput(json, grace);
        var images = await ImageSample.DrawAsync(place.Catalog, sample, cancellationToken);
        await new Verification(place, images, grace, repair ? new Mender(place) : null, output).RunAsync(cancellationToken);
        output.Summarise();
        return output.Left == 0 ? AssayCommand.Done : AssayCommand.Unfinished;
    }
}
