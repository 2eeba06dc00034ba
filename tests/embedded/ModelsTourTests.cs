using Shouldly;
using Xunit;

namespace Assay.Tests.Embedded;

/// <summary>The script that documents the commands about models, as a reader runs it.</summary>
public sealed class ModelsTourTests
{
    [Fact]
    public async Task The_tour_of_the_models_commands_comes_to_its_end_and_shows_what_it_promises()
    {
        await Tools.RequireAsync("python3", "-c", "import http.server, zipfile");

        var settings = Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("ASSAY_", StringComparison.Ordinal)).SelectMany(name => new[] { "-u", name });
        var shown = await Tools.RunAsync(
            "env",
            [
                .. settings, $"ASSAY_PROGRAM={Path.Combine(AppContext.BaseDirectory, "assay")}", $"DOTNET_ROOT={Path.GetDirectoryName(Environment.ProcessPath)}",
                Path.Combine(Repository.Root, "docs", "models-tour"),
            ]);

        string[] promised =
        [
            "Registered image-kinds sharper.", "image-kinds sharper is shadow.", "They agree on", "image-kinds sharper is active.", "image-kinds sharper is retired.",
            "may have been exchanged on its way", "the zip file's SHA-256 is", "Registered second-opinion", "was registered already", "second-opinion 1", "leads out of it", "give the shape",
            "Reproduced.", "is drawing, says", "is right about",
        ];
        foreach (var words in promised)
            shown.ShouldContain(words);
    }
}
