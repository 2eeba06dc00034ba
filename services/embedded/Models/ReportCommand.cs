using System.CommandLine;
using System.Globalization;
using Assay.Classify;
using Assay.Classify.Registry;
using Assay.Preprocess;

namespace Assay.Embedded.Models;

/// <summary><c>assay models report</c>: how right a model is, as one page that needs nothing beside it.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var (name, version) = (new Argument<string>("NAME") { Description = "The model's name." }, new Argument<string>("VERSION") { Description = "Its version." });
        var from = new Option<string?>("--from") { Description = "A folder with a folder of pictures for each label, instead of the images on which persons have decided.", HelpName = "FOLDER" };
        var images = new Option<int>("--images") { Description = "How many images with a verdict, the newest first.", HelpName = "N", DefaultValueFactory = _ => 10_000 };
        images.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--images must be at least 1.");
        });
        var output = new Option<string?>("--output") { Description = "The page's file; NAME-VERSION.html unless told otherwise.", HelpName = "FILE" };
        var command = new Command("report", "Writes one HTML page about how right a model is: reliability, confusion, coverage, and its surest mistakes.") { name, version, from, images, output };
        return ModelsCommand.WithAction(command, [new PreprocessStage(), new ClassifyStage()], async (parsed, place, cancellationToken) =>
        {
            var registry = place.Services.GetRequiredService<ModelRegistry>();
            using var model = await registry.LoadAsync(await registry.FindStateAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(version), cancellationToken), cancellationToken);
            var (manifest, folder) = (model.Package.Manifest, parsed.GetValue(from));
            using var transform = new SilverTransform(place.Services.GetRequiredService<PreprocessOptions>());
            var known = folder is null
                ? await KnownPictures.WithVerdictsAsync(place, model, parsed.GetRequiredValue(images), cancellationToken)
                : await KnownPictures.InFolderAsync(folder, transform, model, cancellationToken);
            if (known.Count == 0)
                throw new LabelledPicturesException(folder is null ? $"No person has decided on an image in {place} yet ('assay labels set'); --from judges on a folder." : $"There is no picture in the folders of {folder}.");
            var indexes = manifest.Labels.Index().ToDictionary(label => label.Item, label => label.Index);
            var evaluation = new Evaluation(manifest.Labels, [.. known.Select(one => indexes[one.Picture.Label])], [.. known.Select(one => one.Scores)]);
            var file = Path.GetFullPath(parsed.GetValue(output) ?? $"{manifest.Name}-{manifest.Version}.html");
            await File.WriteAllTextAsync(file, await ReportPage.WriteAsync(manifest, evaluation, known, folder ?? $"verdicts in {place}", cancellationToken), cancellationToken);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{manifest.Name} {manifest.Version} is right about {evaluation.Accuracy:P1} of {evaluation.Count:N0} pictures; its calibration error is {evaluation.CalibrationError(ReportPage.Ranges):0.000}. {file}"));
            return AssayCommand.Done;
        });
    }
}
