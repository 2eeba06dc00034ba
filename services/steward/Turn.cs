using Assay.Platform.Catalog;
using Npgsql;

namespace Assay.Steward;

/// <summary>
/// A steward's turn: an advisory lock of PostgreSQL, on a connection of its own that serves nothing else and is never kept. Who has it is at work; it ends
/// with the session, in whatever way, and a session whose other end has vanished ends within a minute.
/// </summary>
internal sealed class Turn : IAsyncDisposable
{
    // "assay" in ASCII. A lock has a number, and the same database may have other locks.
    private const long Lock = 0x61_73_73_61_79;

    // Of the server, for this session: it asks after 30 s of silence, and believes in a dead peer 30 s later. By default it takes two hours.
    private const string ServerKeepAlive = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3";

    private readonly NpgsqlConnection connection;

    private Turn(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>Takes the turn; null if another steward has it.</summary>
    public static async Task<Turn?> TakeAsync(CatalogOptions options, CancellationToken cancellationToken)
    {
        var settings = CatalogRegistration.ConnectionOf(options);
        (settings.Pooling, settings.Options) = (false, ServerKeepAlive);
        var connection = new NpgsqlConnection(settings.ConnectionString);
        var isTaken = false;
        try
        {
            await connection.OpenAsync(cancellationToken);
            isTaken = (bool)(await AskAsync(connection, $"SELECT pg_try_advisory_lock({Lock})", cancellationToken))!;
            return isTaken ? new Turn(connection) : null;
        }
        finally
        {
            if (!isTaken)
                await connection.DisposeAsync();
        }
    }

    /// <summary>Returns as long as the session is there, and with it the lock.</summary>
    /// <exception cref="NpgsqlException">It is not.</exception>
    public Task KeepAsync(CancellationToken cancellationToken) => AskAsync(connection, "SELECT 1", cancellationToken);

    /// <summary>Ends the session.</summary>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static async Task<object?> AskAsync(NpgsqlConnection connection, string question, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The words of this class.
        command.CommandText = question;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
