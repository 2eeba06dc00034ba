using System.CommandLine;
using Assay.Embedded.Verify;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace Assay.Embedded;

/// <summary><c>assay show</c>: an image's passport.</summary>
internal static class ShowCommand
{
    private const int MostPassports = 10;

    public static Command Create()
    {
        var image = new Argument<string>("ID-or-name") { Description = "An image's id, its file name, or the path it came from." };
        image.Validators.Add(result =>
        {
            if (Usage.UnknownOption(result.Tokens.Select(token => token.Value)) is { } option)
                result.AddError(Usage.NoSuchOption(option));
        });
        var command = new Command("show", "Prints an image's passport: every fact in order, and its object in every layer.") { image };
        Installation.AddOptions(command);
        command.SetAction((parsed, cancellationToken) =>
            Installation.UseAsync(parsed, [], place => RunAsync(place, parsed.GetRequiredValue(image), cancellationToken), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Installation place, string wanted, CancellationToken cancellationToken)
    {
        var isId = Guid.TryParse(wanted, out var id);
        // As the run read it from its command line; in `archive!entry`, too.
        var path = wanted.Length == 0 ? wanted : Path.GetFullPath(wanted);
        var images = await place.Catalog.Images.AsNoTracking()
            .Where(image => isId ? image.Id == id : image.RawName == wanted || image.RawPath == wanted || image.RawPath == path)
            .OrderByDescending(image => image.IngestedAt).Take(MostPassports + 1).ToListAsync(cancellationToken);
        if (images.Count == 0)
        {
            Terminal.WriteError(isId && await place.Catalog.HasLostAsync(id, cancellationToken)
                ? $"{place} has results of the image {id}, but not the image: part of the catalog is lost. '{place.Command("verify")}' says what to do."
                : $"There is no image '{wanted}' in {place}.");
            return AssayCommand.Unfinished;
        }
        var console = Terminal.Open(Console.Out);
        foreach (var image in images.Take(MostPassports))
            (await Passport.ReadAsync(place.Catalog, place.Objects, image, cancellationToken)).Print(console, place);
        if (images.Count > MostPassports)
            console.MarkupLineInterpolated($"[grey]More images have this name; these are the {MostPassports} newest. Ask for one by its id or path.[/]");
        return AssayCommand.Done;
    }
}
