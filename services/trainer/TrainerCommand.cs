using System.CommandLine;
using Assay.Classify;
using Assay.Trainer.Drawing;
using Assay.Trainer.Pictures;
using Assay.Trainer.Samples;

namespace Assay.Trainer;

/// <summary>The command line: <c>train</c>, <c>samples</c> and <c>draw</c>.</summary>
internal static class TrainerCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Trains, checks and packs a classification model for Assay, and draws pictures.") { Train(), Samples(), Draw() };
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is TrainerException or ModelPackageException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped before the end.");
            return 1;
        }
    }

    private static Command Train()
    {
        var pictures = new Argument<string>("pictures") { Description = "A folder with train/LABEL/*, validation/LABEL/* and perhaps SOURCES.tsv." };
        var start = new Argument<string>("start") { Description = "The folder of a package with a SqueezeNet 1.1, whose weights training starts from." };
        var output = new Argument<string>("package") { Description = "The folder that the package is written to." };
        var unseen = new Option<string[]>("--unseen") { Description = "Sources to keep out of training and judge the model on.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };
        var leaveOut = new Option<int>("--leave-out") { Description = "Leave the other sources out in so many parts, to tell how each is judged unseen: so many further trainings." };
        var leaveOutBatches = new Option<int?>("--leave-out-batches") { Description = "How long each of these trains, in batches of 48. Default: as long as the model." };
        var rendered = new Option<int>("--rendered") { Description = "Pictures of each sort to draw, for the labels chart, diagram, document, drawing and screenshot." };
        var batches = new Option<int>("--batches") { Description = "How long to train, in batches of 48.", DefaultValueFactory = _ => 400 };
        var seed = new Option<int>("--seed") { Description = "Another seed, another model.", DefaultValueFactory = _ => 1 };
        var side = new Option<int>("--side") { Description = "Width and height of the input in pixels.", DefaultValueFactory = _ => 224 };
        var name = new Option<string>("--name") { Description = "The model's name.", DefaultValueFactory = _ => "candidate" };
        var version = new Option<string>("--model-version") { Description = "The model's version.", DefaultValueFactory = _ => "1.0.0" };
        var question = new Option<string>("--question") { Description = "The question that the model answers.", DefaultValueFactory = _ => "What does the image show?" };
        var licence = new Option<string>("--licence") { Description = "The model's licence.", DefaultValueFactory = _ => "Apache-2.0" };
        var command = new Command("train", "Trains a model and writes its package.") { pictures, start, output, unseen, leaveOut, leaveOutBatches, rendered, batches, seed, side, name, version, question, licence };
        command.SetAction(async (arguments, ct) =>
        {
            await TrainCommand.RunAsync(
                new TrainOptions(
                    arguments.GetRequiredValue(pictures),
                    arguments.GetRequiredValue(start),
                    arguments.GetRequiredValue(output),
                    arguments.GetRequiredValue(unseen),
                    arguments.GetValue(leaveOut),
                    arguments.GetValue(leaveOutBatches) ?? arguments.GetValue(batches),
                    arguments.GetValue(rendered),
                    arguments.GetValue(batches),
                    arguments.GetValue(seed),
                    arguments.GetValue(side),
                    arguments.GetRequiredValue(name),
                    arguments.GetRequiredValue(version),
                    arguments.GetRequiredValue(question),
                    arguments.GetRequiredValue(licence)),
                ct);
            return 0;
        });
        return command;
    }

    private static Command Samples()
    {
        var folder = new Argument<string>("folder") { Description = "Where the files go; those of the same name are replaced." };
        var command = new Command("samples", "Draws the files of samples/.") { folder };
        command.SetAction(async (arguments, ct) =>
        {
            await SampleFiles.WriteAsync(arguments.GetRequiredValue(folder), ct);
            return 0;
        });
        return command;
    }

    private static Command Draw()
    {
        var folder = new Argument<string>("folder") { Description = "Where the pictures go: one folder per label." };
        var each = new Option<int>("--each") { Description = "How many of every sort.", DefaultValueFactory = _ => 2 };
        var seed = new Option<int>("--seed") { Description = "Another seed, other pictures.", DefaultValueFactory = _ => 1 };
        var command = new Command("draw", "Writes some of the pictures that training adds, to look at.") { folder, each, seed };
        command.SetAction(async (arguments, ct) =>
        {
            var count = 0;
            foreach (var picture in RenderedPictures.Make(arguments.GetValue(each), arguments.GetValue(seed), Album.Empty, ct))
            {
                var directory = Directory.CreateDirectory(Path.Combine(arguments.GetValue(folder)!, picture.Label));
                var extension = picture.File[0] == 0xff ? "jpg" : "png";
                await File.WriteAllBytesAsync(Path.Combine(directory.FullName, $"{picture.Source["rendered ".Length..].Replace(' ', '-')}-{++count:0000}.{extension}"), picture.File, ct);
            }
            return 0;
        });
        return command;
    }
}
