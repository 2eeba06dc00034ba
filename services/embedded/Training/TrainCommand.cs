using System.CommandLine;
using System.Globalization;
using Assay.Classify;
using Assay.Classify.Onnx;
using Assay.Classify.Registry;
using Assay.Embedded.Models;
using Assay.Preprocess;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Training;

/// <summary><c>assay train</c>: a model for one's own labels, from pictures of which they are known.</summary>
internal static class TrainCommand
{
    private const string Verdicts = "verdicts";
    private const int MostVerdicts = 100_000;

    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "The model's name." };
        var from = new Option<string>("--from")
        {
            Description = "What to learn from: 'verdicts' (the newest 100,000 images on which persons have decided for NAME), a folder with a folder of pictures for each label, or a manifest: a JSON object a line, with label and file or imageId.",
            HelpName = "verdicts|FOLDER|MANIFEST",
            Required = true,
        };
        var start = new Option<string?>("--base") { Description = "The package whose last layer is replaced. Default: the version of NAME that answers, or else the model that comes with Assay.", HelpName = "PACKAGE" };
        var version = new Option<string?>("--model-version") { Description = "The new version. Default: the date and time.", HelpName = "VERSION" };
        var question = new Option<string?>("--question") { Description = "The question that the model answers. Default: NAME's own, or 'What does the image show?'.", HelpName = "TEXT" };
        var licence = new Option<string?>("--licence") { Description = "The model's licence. Default: that of the base.", HelpName = "SPDX" };
        var output = new Option<string?>("--output") { Description = "The folder for the package and its card; it must not be there yet. Default: NAME-VERSION.", HelpName = "FOLDER" };
        var seed = new Option<int>("--seed") { Description = "Decides which pictures are kept to judge by. The same seed, the same model.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var command = new Command("train", "Fits a model to pictures whose labels are known, judges it on a fifth of them, and registers it. It answers nothing before it is activated.")
        {
            name, from, start, version, question, licence, output, seed, ModelsCommand.By,
        };
        return ModelsCommand.WithAction(command, [new PreprocessStage(), new ClassifyStage()], async (parsed, place, cancellationToken) =>
        {
            var (model, source, random) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(from), parsed.GetRequiredValue(seed));
            var wanted = parsed.GetValue(version) ?? place.Services.GetRequiredService<TimeProvider>().GetUtcNow().ToString("yyyyMMdd.HHmmss", CultureInfo.InvariantCulture);
            var folder = Path.GetFullPath(parsed.GetValue(output) ?? $"{model}-{wanted}");
            if (Path.Exists(folder))
                throw new LabelledPicturesException($"{folder} is there already: --output names another folder.");
            using var transform = new SilverTransform(place.Services.GetRequiredService<PreprocessOptions>());
            var pictures = await ReadAsync(place, model, source, transform, cancellationToken);
            if (pictures.Count == 0)
                throw new LabelledPicturesException(source == Verdicts ? $"No person has decided on an image for {model} in {place} yet ('assay labels set')." : $"There is no picture with a label in {source}.");
            using var starting = new TrainingBase();
            var package = await starting.OpenAsync(place, model, parsed.GetValue(start), cancellationToken);
            var identity = new TrainedIdentity(
                model, wanted, parsed.GetValue(question) ?? (package.Identity.Name == model ? package.Manifest.Question : "What does the image show?"), parsed.GetValue(licence) ?? package.Manifest.Licence);
            await RequirePossibleAsync(place, identity, package.Manifest, pictures, cancellationToken);
            using var features = new FeatureModel(package);
            var set = await TrainingSet.ReadAsync(pictures, features, random, cancellationToken);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{set.Learn.Count:N0} pictures of {set.Labels.Count} labels to learn from, {set.Judge.Count:N0} to judge by; the base is {package.Identity.Name} {package.Identity.Version}."));

            var basis = source == Verdicts ? $"persons' verdicts on images in {place}" : $"the pictures of {Path.GetFileName(Path.TrimEndingDirectorySeparator(source))}";
            var trained = await WriteAsync(set, features, package, identity, basis, folder, random, cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"It is right about {trained.Judged.Accuracy:P1} of the pictures to judge by. {Path.Combine(folder, TrainedModelCard.File)} says more."));
            await place.Services.GetRequiredService<ModelRegistry>().AddAsync(trained.Package, parsed.GetRequiredValue(ModelsCommand.By), cancellationToken);
            Console.WriteLine($"Registered {model} {wanted}. It answers after 'assay models activate {model} {wanted}'.");
            return AssayCommand.Done;
        });
    }

    // Before the work of minutes, not after it.
    private static async Task RequirePossibleAsync(Installation place, TrainedIdentity identity, ModelManifest start, IReadOnlyList<LabelledPicture> pictures, CancellationToken cancellationToken)
    {
        if (await place.Catalog.Models.AnyAsync(known => known.Name == identity.Name && known.Version == identity.Version, cancellationToken))
            throw new ModelRegistryException($"{identity.Name} {identity.Version} is registered already: --model-version names another version.");
        string[] labels = [.. pictures.Select(picture => picture.Label).Distinct().Order(StringComparer.Ordinal)];
        if (labels.Length == 1)
            throw new LabelledPicturesException($"There is no label but '{labels[0]}'; a classifier needs at least two.");
        identity.ToManifest(start, labels).Require($"{identity.Name} {identity.Version}");
    }

    // A package is there as a whole or not at all.
    private static async Task<TrainedModel> WriteAsync(
        TrainingSet set, FeatureModel features, ModelPackage start, TrainedIdentity identity, string basis, string folder, int seed, CancellationToken cancellationToken)
    {
        var isWhole = false;
        try
        {
            var trained = await TrainedModel.MakeAsync(set, features, start.Manifest, identity, folder, seed, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, TrainedModelCard.File), TrainedModelCard.Write(trained, start, set, basis, seed), cancellationToken);
            isWhole = true;
            return trained;
        }
        finally
        {
            if (!isWhole && Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<LabelledPicture>> ReadAsync(Installation place, string model, string source, SilverTransform transform, CancellationToken cancellationToken)
    {
        if (source == Verdicts)
            return await LabelledPictures.WithVerdictsAsync(place, model, MostVerdicts, cancellationToken);
        if (File.Exists(source))
            return await LabelledPictures.InManifestAsync(source, place, transform, cancellationToken);
        return LabelledPictures.InFolder(source, transform);
    }
}
