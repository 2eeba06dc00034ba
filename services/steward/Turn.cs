using Assay.Platform.Catalog;
using Npgsql;

namespace Assay.Steward;

/// <summary>
/// A steward's turn: an advisory lock of PostgreSQL, on a connection of its own that serves nothing else and is never kept. Who has it is at work; it ends
/// with the session, in whatever way.
/// </summary>
internal sealed class Turn : IAsyncDisposable
{
    // "assay" in ASCII. A lock has a number, and the same database may have other locks.
    private const long Lock = 0x61_73_73_61_79;

    // A steward that has vanished without a word, with its machine or behind a network that swallows everything, is missed after a minute. TCP alone takes two hours.
    private const string EndWhenSilent = "SET idle_session_timeout = '60s'";
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    private readonly NpgsqlConnection connection;
    private readonly CancellationTokenSource over = new();
    private readonly Task living;

    private Turn(NpgsqlConnection connection, TimeProvider clock)
    {
        this.connection = connection;
        living = LiveAsync(clock);
    }

    /// <summary>Takes the turn; null if another steward has it.</summary>
    public static async Task<Turn?> TakeAsync(CatalogOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var settings = CatalogRegistration.ConnectionOf(options);
        settings.Pooling = false;
        var connection = new NpgsqlConnection(settings.ConnectionString);
        var isTaken = false;
        try
        {
            await connection.OpenAsync(cancellationToken);
            await AskAsync(connection, EndWhenSilent, cancellationToken);
            isTaken = (bool)(await AskAsync(connection, $"SELECT pg_try_advisory_lock({Lock})", cancellationToken))!;
            return isTaken ? new Turn(connection, clock) : null;
        }
        finally
        {
            if (!isTaken)
                await connection.DisposeAsync();
        }
    }

    /// <summary>Returns as long as the session is there, and with it the lock.</summary>
    /// <exception cref="NpgsqlException">It is not.</exception>
    public Task RequireAsync() => living.IsCompleted ? living : Task.CompletedTask;

    /// <summary>Ends the session.</summary>
    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await living.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync();
        over.Dispose();
    }

    private async Task LiveAsync(TimeProvider clock)
    {
        using var timer = new PeriodicTimer(SignOfLife, clock);
        while (await timer.WaitForNextTickAsync(over.Token))
            await AskAsync(connection, "SELECT 1", over.Token);
    }

    private static async Task<object?> AskAsync(NpgsqlConnection connection, string question, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The words of this class.
        command.CommandText = question;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
