using System.Security.Cryptography;
using Assay.Tests.Classify;
using Shouldly;
using Xunit;

namespace Assay.Tests.Embedded;

public sealed class WatchTests : IDisposable
{
    private readonly Workplace work = new();

    [Fact]
    public async Task A_file_that_is_written_slowly_is_taken_once_and_whole()
    {
        var picture = Picture.Detailed(1600, 1200).Jpeg();
        await using var program = work.Start("run", work.Pictures, "--watch", "--json");
        await Eventually.HoldsAsync("it watches", () => program.Error.Contains("Watching", StringComparison.Ordinal), details: program.ToString);
        await WriteSlowlyAsync(work.PathOf("slow.jpg"), picture, pieces: 8);
        // A second one shows that the first is not taken again.
        await Eventually.HoldsAsync("the slow file is done", () => program.Output.Contains('\n'), details: program.ToString);
        work.Put("later/quick.jpg", Picture.Plain(60, 60, Picture.Red).Jpeg());
        await Eventually.HoldsAsync("the quick file is done", () => program.Output.Contains("quick.jpg", StringComparison.Ordinal), details: program.ToString);
        program.Interrupt();
        var result = await program.ExitAsync(TimeSpan.FromSeconds(30));

        result.ExitCode.ShouldBe(0, result.Error);
        var images = Workplace.Parse(result.OutputLines);
        images.Select(image => image.GetProperty("name").GetString()).ShouldBe(["slow.jpg", "quick.jpg"]);
        images.ShouldAllBe(image => image.GetProperty("status").GetString() == "classified");
        images[0].GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(picture)));
    }

    /// <inheritdoc/>
    public void Dispose() => work.Dispose();

    // Each piece well within the second between two looks, all of them over several looks.
    private static async Task WriteSlowlyAsync(string path, byte[] bytes, int pieces)
    {
        await using var file = File.Create(path);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(400));
        foreach (var piece in bytes.Chunk(bytes.Length / pieces + 1))
        {
            await file.WriteAsync(piece);
            await file.FlushAsync();
            await timer.WaitForNextTickAsync();
        }
    }
}
