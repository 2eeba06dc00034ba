using System.Data.Common;
using System.Runtime.CompilerServices;
using Assay.Platform.Catalog;
using Assay.Platform.Messaging;
using Microsoft.EntityFrameworkCore;

namespace Assay.Embedded.Setup;

/// <summary>Brings the catalog's schema up to date.</summary>
internal sealed class CatalogSetup(IServiceScopeFactory scopes, CatalogOptions options, TimeProvider clock)
{
    // "setup" in ASCII.
    private const long Lock = 0x73_65_74_75_70;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Applies the migrations that are missing. Several setups at once wait for each other, once there is a database.</summary>
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
            var isThere = await catalog.Database.CanConnectAsync(cancellationToken);
            var isLocked = isThere && catalog.Database.IsNpgsql();
            if (isLocked)
                await LockAsync(catalog, cancellationToken);
            var before = isThere ? await catalog.Database.GetAppliedMigrationsAsync(cancellationToken) : [];
            await catalog.Database.MigrateAsync(cancellationToken);
            var after = await catalog.Database.GetAppliedMigrationsAsync(cancellationToken);
            if (isLocked)
                await catalog.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Lock})", cancellationToken);
            return [.. after.Except(before)];
        }
        catch (Exception exception) when (exception is DbException || (Retries.IsServerAway(exception) && !cancellationToken.IsCancellationRequested))
        {
            throw new SetupFailedException($"The catalog {options.Place} cannot be prepared: {exception.GetBaseException().Message}", exception);
        }
    }

    // Entity Framework has a lock, too, and gives it up between two migrations: who waited makes the second one, and who had it makes that again. This one is the session's, and ends with it at the latest.
    private async Task LockAsync(CatalogContext catalog, CancellationToken cancellationToken)
    {
        await catalog.Database.OpenConnectionAsync(cancellationToken);
        var until = clock.GetUtcNow() + Patience;
        while (!(await catalog.Database.SqlQuery<bool>($"SELECT pg_try_advisory_lock({Lock})").ToListAsync(cancellationToken)).Single())
        {
            if (clock.GetUtcNow() > until)
                throw new SetupFailedException($"Another setup has been preparing the catalog {options.Place} for more than {Patience.TotalMinutes:0} minutes. If none is running, end its session in PostgreSQL: pg_locks has it, as 'advisory'.");
            await Task.Delay(Pause, clock, cancellationToken);
        }
    }
}
