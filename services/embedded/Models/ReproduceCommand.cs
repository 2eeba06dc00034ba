using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Assay.Classify;
using Assay.Classify.Registry;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using Assay.Preprocess;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Models;

/// <summary><c>assay reproduce</c>: makes a prediction again, from the original, with the recipe and the model of then.</summary>
internal static class ReproduceCommand
{
    /// <summary>How much a score may differ: another processor may sum in another order.</summary>
    private const double Tolerance = 1e-5;

    private static readonly IStage[] Stages = [new PreprocessStage(), new ClassifyStage()];

    public static Command Create()
    {
        var prediction = new Argument<Guid>("PREDICTION-ID") { Description = "The prediction's id, as 'assay show' and 'assay labels --json' have it." };
        var command = new Command("reproduce", "Makes a prediction again, from the original with the recipe and the model of then, and says whether it comes out the same. Where the recipe is another version's code, from the silver image that is kept.") { prediction };
        Installation.AddOptions(command);
        command.SetAction((parsed, cancellationToken) => Installation.UseAsync(parsed, Stages, async place =>
        {
            try
            {
                return await RunAsync(place, parsed.GetRequiredValue(prediction), cancellationToken);
            }
            catch (Exception exception) when (exception is ModelPackageException or ModelRegistryException or ModelAnswerException or ObjectMissingException or InvalidDataException)
            {
                Terminal.WriteError($"It cannot be reproduced: {exception.Message}");
                return AssayCommand.Unfinished;
            }
            catch (InvalidImageException refusal)
            {
                Terminal.WriteError($"It cannot be reproduced: these settings refuse the original: {refusal.Detail}");
                return AssayCommand.Unfinished;
            }
        }, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Installation place, Guid id, CancellationToken cancellationToken)
    {
        if (await place.Catalog.Predictions.AsNoTracking().FirstOrDefaultAsync(fact => fact.Id == id, cancellationToken) is not { } then)
            return Refuse($"There is no prediction {id} in {place}.");
        var image = await place.Catalog.Images.AsNoTracking().FirstOrDefaultAsync(fact => fact.Id == then.ImageId, cancellationToken);
        var cleansed = await place.Catalog.Cleansed.AsNoTracking().FirstOrDefaultAsync(fact => fact.ImageId == then.ImageId && fact.Recipe == then.Recipe, cancellationToken);
        if (image is null || cleansed is null)
            return Refuse($"It cannot be reproduced: the catalog has lost what came before it of image {then.ImageId}; restore it from a backup.");
        var registry = place.Services.GetRequiredService<ModelRegistry>();
        var state = await registry.FindStateAsync(then.Model, then.ModelVersion, cancellationToken);
        using var model = await registry.LoadAsync(state, cancellationToken);
        if (Recipe.Parse(then.Recipe) is not { } recipe)
        {
            var kept = await place.Objects.ReadAllAsync(cleansed.Silver, cancellationToken);
            return Report(then, model.Classifier.Classify(kept), $"the silver image is the one that is kept: recipe {then.Recipe} is of other code than this version's ({Recipe.CodeVersion}), so that it cannot be made again");
        }
        using var transform = new SilverTransform(place.Services.GetRequiredService<PreprocessOptions>() with { MaxSide = recipe.MaxSide, Quality = recipe.Quality, Background = $"#{recipe.Background}" });
        var silver = await place.Objects.UseOriginalAsync(image.Bronze, transform.ApplyInTurnAsync, cancellationToken);
        var isSilverEqual = Convert.ToHexStringLower(SHA256.HashData(silver.Jpeg.Span)) == cleansed.Sha256;
        return Report(then, model.Classifier.Classify(silver.Jpeg), $"silver image {(isSilverEqual ? "the same, byte for byte" : "of other bytes")}");
    }

    private static int Report(PredictionFact then, Prediction now, string silver)
    {
        var difference = then.Scores.Zip(now.Scores, (one, other) => Math.Abs((double)one - other)).DefaultIfEmpty(1).Max();
        var isEqual = then.Label == now.Label && then.Scores.Length == now.Scores.Length && difference <= Tolerance;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"then: {then.Label} {then.Confidence:0.000000}, {then.Model} {then.ModelVersion}, recipe {then.Recipe}, {then.PredictedAt:yyyy-MM-dd HH:mm:ss} UTC"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"now:  {now.Label} {now.Confidence:0.000000}; scores differ by at most {difference:0.0E+0}; {silver}"));
        Console.WriteLine(isEqual ? "Reproduced." : $"Not reproduced: {(then.Label == now.Label ? $"scores may differ by {Tolerance.ToString("0.0E+0", CultureInfo.InvariantCulture)}" : "another label")}.");
        return isEqual ? AssayCommand.Done : AssayCommand.Unfinished;
    }

    private static int Refuse(string message)
    {
        Terminal.WriteError(message);
        return AssayCommand.Unfinished;
    }
}
