using Assay.Tests.Classify;
using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Embedded;

public sealed class PassedOverTests : IDisposable
{
    private readonly Workplace work = new();

    [Fact]
    public async Task A_pipe_among_the_pictures_is_named_and_the_others_are_done()
    {
        work.Draw(2);
        MakePipe("a.jpg");
        var (result, images) = await work.RunJsonAsync();

        result.ExitCode.ShouldBe(1, result.Error);
        result.ErrorLines.ShouldContain($"{work.PathOf("a.jpg")} is not a regular file.");
        images.Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_watch_over_a_pipe_names_it_once_and_ends_when_it_is_asked_to()
    {
        MakePipe("a.jpg");
        await using var program = work.Start("run", work.Pictures, "--watch");
        await Eventually.HoldsAsync("the pipe is named", () => program.Error.Contains("is not a regular file", StringComparison.Ordinal), details: program.ToString);
        work.Put("later.jpg", Picture.Plain(60, 60, Picture.Red).Jpeg());
        await Eventually.HoldsAsync("the picture is done", () => program.Output.Contains("later.jpg", StringComparison.Ordinal), details: program.ToString);
        program.Terminate();
        var result = await program.ExitAsync(TimeSpan.FromSeconds(30));
        result.ExitCode.ShouldBe(1, result.Error);
        result.ErrorLines.ShouldHaveSingleItem().ShouldBe($"{work.PathOf("a.jpg")} is not a regular file.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_that_cannot_be_read_is_named_and_the_others_are_done(bool watch)
    {
        var locked = Path.GetDirectoryName(work.Put("locked/picture.jpg", Picture.Plain(50, 50, Picture.Green).Jpeg()))!;
        work.Put("z/picture.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        Workplace.Command("chmod", "0", locked);
        try
        {
            await using var program = work.StartWithoutRights(["run", work.Pictures, "--json", .. watch ? ["--watch"] : Array.Empty<string>()]);
            await Eventually.HoldsAsync("the picture is done", () => program.Output.Contains("classified", StringComparison.Ordinal), details: program.ToString);
            if (watch)
                program.Interrupt();
            var result = await program.ExitAsync(Workplace.Patience);
            result.ExitCode.ShouldBe(1, result.Error);
            result.ErrorLines.Count(line => line == $"{locked} cannot be read: permission denied.").ShouldBe(1, result.Error);
            result.OutputLines.Length.ShouldBe(1);
        }
        finally
        {
            Workplace.Command("chmod", "700", locked);
        }
    }

    [Fact]
    public async Task Links_and_the_data_of_others_are_named_and_no_failure()
    {
        work.Draw(1);
        work.Put("other/catalog.db", [1]);
        work.Put("other/bronze/2024/taken.jpg", [1]);
        for (var link = 0; link < 3; link++)
            File.CreateSymbolicLink(work.PathOf($"link-{link}.jpg"), work.PathOf("drawn-0.jpg"));
        var (result, images) = await work.RunJsonAsync();

        result.ExitCode.ShouldBe(0, result.Error);
        images.Length.ShouldBe(1);
        result.ErrorLines.ShouldContain(line => line.StartsWith(work.PathOf("link-")) && line.EndsWith(" is a link and was passed over, and 2 more."));
        result.ErrorLines.ShouldContain($"{work.PathOf("other")} is an Assay data folder and was passed over.");
    }

    [Fact]
    public async Task What_Assay_keeps_cannot_be_taken_in_again()
    {
        work.Draw(1);
        await work.RunJsonAsync();
        foreach (var inside in new[] { work.Data, Path.Combine(work.Data, "bronze") })
        {
            await using var program = AssayProcess.Start("assay", work.Settings, "run", inside, "--data", Path.Combine(work.Data, "..", "second"));
            var result = await program.ExitAsync(Workplace.Patience);
            result.ExitCode.ShouldBe(2);
            result.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"{work.Data} is an Assay data folder");
        }
    }

    [Fact]
    public async Task The_data_folder_is_not_made_where_the_pictures_are()
    {
        work.Draw(1);
        await using var program = AssayProcess.Start("assay", work.Settings, "run", work.Pictures, "--data", work.Pictures);
        var result = await program.ExitAsync(Workplace.Patience);
        result.ExitCode.ShouldBe(2);
        result.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"--data {work.Pictures} cannot be where the images are");
        Directory.GetFileSystemEntries(work.Pictures).Length.ShouldBe(1);
    }

    /// <inheritdoc/>
    public void Dispose() => work.Dispose();

    private void MakePipe(string name) => Workplace.Command("mkfifo", work.PathOf(name));
}
