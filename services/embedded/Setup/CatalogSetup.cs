using System.Data.Common;
using System.Runtime.CompilerServices;
using Assay.Platform.Catalog;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Setup;

/// <summary>Brings the catalog's schema up to date.</summary>
internal sealed class CatalogSetup(IServiceScopeFactory scopes, CatalogOptions options)
{
    /// <summary>Applies the migrations that are missing. Several setups at once wait for each other.</summary>
    public async IAsyncEnumerable<string> MigrateAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        foreach (var migration in await MigrateAsync(scope.ServiceProvider.GetRequiredService<CatalogContext>(), cancellationToken))
            yield return $"catalog: applied migration {migration}";
    }

    private async Task<IReadOnlyList<string>> MigrateAsync(CatalogContext catalog, CancellationToken cancellationToken)
    {
        try
        {
            var before = await catalog.Database.CanConnectAsync(cancellationToken) ? await catalog.Database.GetAppliedMigrationsAsync(cancellationToken) : [];
            await catalog.Database.MigrateAsync(cancellationToken);
            return [.. (await catalog.Database.GetAppliedMigrationsAsync(cancellationToken)).Except(before)];
        }
        catch (DbException exception)
        {
            throw new SetupFailedException($"The catalog {options.Place} cannot be prepared: {exception.Message}", exception);
        }
    }
}
