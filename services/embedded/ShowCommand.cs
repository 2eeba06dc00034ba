using System.CommandLine;
using Assay.Platform.Catalog;
using Assay.Platform.Objects;
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
        var command = new Command("show", "Prints an image's passport: every fact in order, and its object in every layer.") { image, DataFolder.Option };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(image), parsed.GetRequiredValue(DataFolder.Option), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string wanted, string dataPath, CancellationToken cancellationToken)
    {
        var data = DataFolder.Existing(dataPath);
        using var host = await EmbeddedHost.PrepareAsync(data, [], cancellationToken);
        await using var scope = host.Services.CreateAsyncScope();
        var catalog = scope.ServiceProvider.GetRequiredService<CatalogContext>();
        var isId = Guid.TryParse(wanted, out var id);
        // As the run read it from its command line; in `archive!entry`, too.
        var path = wanted.Length == 0 ? wanted : Path.GetFullPath(wanted);
        var images = await catalog.Images.AsNoTracking()
            .Where(image => isId ? image.Id == id : image.RawName == wanted || image.RawPath == wanted || image.RawPath == path)
            .OrderByDescending(image => image.IngestedAt).Take(MostPassports + 1).ToListAsync(cancellationToken);
        if (images.Count == 0)
        {
            Terminal.WriteError($"There is no image '{wanted}' in {data}.");
            return AssayCommand.Unfinished;
        }
        var console = Terminal.Open(Console.Out);
        foreach (var image in images.Take(MostPassports))
            (await Passport.ReadAsync(catalog, host.Services.GetRequiredService<IObjectStore>(), image, cancellationToken)).Print(console, data);
        if (images.Count > MostPassports)
            console.MarkupLineInterpolated($"[grey]More images have this name; these are the {MostPassports} newest. Ask for one by its id or path.[/]");
        return AssayCommand.Done;
    }
}
