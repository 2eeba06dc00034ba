using System.Text.Json;
using Assay.Enrich;
using Assay.Platform.Catalog;
using Assay.Platform.Isolation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Assay.Tests.Enrich;

public sealed class TriedAloneTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("assay-alone-").FullName;

    [Fact]
    public async Task An_original_says_the_same_about_itself_in_a_process_of_its_own()
    {
        var original = new ExifWriter().Image(0x010F, "Maker").Photo(0x9003, "2024:05:06 07:08:09").In(Sample.Bare);
        var silver = Sample.Grey(64, 64, (x, _) => (byte)x);
        var options = new EnrichOptions();
        var enricher = new Enricher(options);
        using var alone = new ChildProcess(typeof(EnrichStage).Assembly);
        await using var services = new ServiceCollection()
            .AddCatalog(new CatalogOptions { Kind = CatalogKind.Sqlite, File = Path.Combine(folder, "catalog.db") }).BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var catalog = scope.ServiceProvider.GetRequiredService<CatalogContext>();
        await catalog.Database.MigrateAsync(TestContext.Current.CancellationToken);
        var careful = new CarefulEnricher(enricher, options, alone, new SuspectImages(catalog, TimeProvider.System, NullLogger<SuspectImages>.Instance));

        var seen = await careful.ExamineAsync(Sample.Event(), wasTriedBefore: true, original, silver, TestContext.Current.CancellationToken);

        seen.Metadata.CameraMake.ShouldBe("Maker");
        JsonSerializer.Serialize(seen).ShouldBe(JsonSerializer.Serialize(enricher.Examine(original, "image/jpeg", silver)));
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(folder, recursive: true);
}
