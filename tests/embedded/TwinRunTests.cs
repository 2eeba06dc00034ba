using Shouldly;
using Xunit;

namespace Assay.Tests.Embedded;

public sealed class TwinRunTests : IDisposable
{
    private readonly Workplace work = new();

    [Fact]
    public async Task Show_says_what_was_taken_over_and_what_looks_alike()
    {
        var picture = File.ReadAllBytes(Path.Combine(Repository.Root, "samples", "landscape-synthetic.jpg"));
        using var half = NetVips.Image.NewFromBuffer(picture).Resize(0.5);
        work.Put("first.jpg", picture);
        (await work.RunAsync("run", work.Pictures)).ExitCode.ShouldBe(0);
        work.Put("twin.jpg", picture);
        work.Put("smaller.jpg", half.JpegsaveBuffer(q: 40));
        (await work.RunAsync("run", work.Pictures)).ExitCode.ShouldBe(0);
        var passport = await work.RunAsync("show", "twin.jpg");

        passport.ExitCode.ShouldBe(0, passport.Error);
        passport.OutputLines.Count(line => line.Contains("taken over from ")).ShouldBe(3, passport.Output);
        passport.Output.ShouldContain("the same bytes as ");
        passport.OutputLines.ShouldContain(line => line.Contains("first.jpg") && line.Contains("the same bytes"), passport.Output);
        passport.OutputLines.ShouldContain(line => line.Contains("smaller.jpg") && line.Contains(" of 64 bits"), passport.Output);
        (await work.RunAsync("show", "first.jpg")).Output.ShouldNotContain("taken over");
    }

    /// <inheritdoc/>
    public void Dispose() => work.Dispose();
}
