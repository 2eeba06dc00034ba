using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Npgsql;
using Xunit;

namespace Assay.Tests;

/// <summary>A RabbitMQ virtual host.</summary>
/// <param name="Host">Where the broker listens.</param>
/// <param name="Port">Its AMQP port.</param>
/// <param name="User">Who to log in as.</param>
/// <param name="Password">The user's password.</param>
/// <param name="VirtualHost">The virtual host's name.</param>
public sealed record RabbitMqServer(string Host, ushort Port, string User, string Password, string VirtualHost);

/// <summary>A PostgreSQL database.</summary>
/// <param name="ConnectionString">All that Npgsql wants to know.</param>
public sealed record PostgresServer(string ConnectionString);

/// <summary>An S3 server.</summary>
/// <param name="Endpoint">Its address.</param>
/// <param name="AccessKey">The access key.</param>
/// <param name="SecretKey">The secret key.</param>
public sealed record S3Server(Uri Endpoint, string AccessKey, string SecretKey);

/// <summary>Something that a test has for itself on a shared server, until it is disposed of.</summary>
/// <param name="value">What it is.</param>
/// <param name="drop">How to take it away.</param>
public sealed class Owned<T>(T value, Func<Task> drop) : IAsyncDisposable
{
    /// <summary>What the test has.</summary>
    public T Value { get; } = value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await drop();
}

/// <summary>
/// The servers that <c>./test</c> starts, and a place of one's own on each. Where there are none the test is skipped; on CI it fails.
/// </summary>
public static class Servers
{
    private static readonly HttpClient Http = new();

    /// <summary>The broker's default virtual host. Rather ask for <see cref="NewVirtualHostAsync"/>.</summary>
    public static RabbitMqServer RabbitMq()
    {
        var address = new Uri(Require("ASSAY_TEST_RABBITMQ"));
        var (user, password) = Credentials(address);
        var path = address.AbsolutePath.TrimStart('/');
        return new RabbitMqServer(address.Host, (ushort)(address.Port > 0 ? address.Port : 5672), user, password, path.Length > 0 ? Uri.UnescapeDataString(path) : "/");
    }

    /// <summary>The server, without a database. Rather ask for <see cref="NewDatabaseAsync"/>.</summary>
    public static PostgresServer Postgres() => new(Require("ASSAY_TEST_POSTGRES"));

    /// <summary>The S3 server. Begin the names of buckets with a <see cref="NewName"/>.</summary>
    public static S3Server S3() =>
        new(new Uri(Require("ASSAY_TEST_S3")), Require("ASSAY_TEST_S3_ACCESS_KEY"), Require("ASSAY_TEST_S3_SECRET_KEY"));

    /// <summary>A name that nobody else has, fit for a bucket, a database, a virtual host and a topic.</summary>
    public static string NewName() => "t" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>A new, empty virtual host.</summary>
    public static async Task<Owned<RabbitMqServer>> NewVirtualHostAsync()
    {
        var server = RabbitMq() with { VirtualHost = NewName() };
        await AdministerAsync(HttpMethod.Put, $"api/vhosts/{server.VirtualHost}");
        await AdministerAsync(HttpMethod.Put, $"api/permissions/{server.VirtualHost}/{server.User}", new { configure = ".*", write = ".*", read = ".*" });
        return new Owned<RabbitMqServer>(server, () => AdministerAsync(HttpMethod.Delete, $"api/vhosts/{server.VirtualHost}"));
    }

    /// <summary>A new, empty database.</summary>
    public static async Task<Owned<PostgresServer>> NewDatabaseAsync()
    {
        var server = Postgres();
        var name = NewName();
        await ExecuteAsync(server, $"CREATE DATABASE {name}");
        var database = server with { ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString };
        return new Owned<PostgresServer>(database, () => DropAsync(database));
    }

    /// <summary>Loses a database, with all that was in it and all that was granted on it. A new, empty one has its name.</summary>
    public static async Task LoseAsync(PostgresServer database)
    {
        await DropAsync(database);
        await ExecuteAsync(database, $"CREATE DATABASE {NameOf(database)}");
    }

    /// <summary>
    /// A topic on the S3 server that publishes to <paramref name="exchange"/> of <paramref name="broker"/>. Bucket notifications name it by the ARN that is returned.
    /// The exchange must exist before the first object is put: the server does not make it, and an event that it cannot publish is lost.
    /// </summary>
    public static async Task<string> NewTopicAsync(RabbitMqServer broker, string exchange)
    {
        var arn = (await RunS3ScriptAsync("", "topic", NewName(), $"amqp://{broker.Host}:{broker.Port}/{Uri.EscapeDataString(broker.VirtualHost)}", exchange)).Trim();
        Assert.True(arn.Length > 0, "The S3 server did not make a topic.");
        return arn;
    }

    /// <summary>A user of the S3 server who may do what a policy says, and nothing else.</summary>
    public static async Task<S3Server> NewS3UserAsync(string name, string policy)
    {
        var secret = Guid.NewGuid().ToString("N");
        await RunS3ScriptAsync(policy, "user", name, secret);
        return S3() with { AccessKey = name, SecretKey = secret };
    }

    /// <summary>Refuses a user of the S3 server from now on.</summary>
    public static Task SuspendS3UserAsync(string name) => RunS3ScriptAsync("", "suspend", name);

    private static async Task<string> RunS3ScriptAsync(string input, params string[] arguments)
    {
        var server = S3();
        var script = new ProcessStartInfo(Path.Combine(Repository.Root, "tests", "servers", "s3.sh"), arguments)
        {
            Environment =
            {
                ["ASSAY_TEST_S3"] = server.Endpoint.ToString().TrimEnd('/'),
                ["ASSAY_TEST_S3_ACCESS_KEY"] = server.AccessKey,
                ["ASSAY_TEST_S3_SECRET_KEY"] = server.SecretKey,
            },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(script) ?? throw new InvalidOperationException($"{script.FileName} did not start.");
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"s3.sh {arguments[0]} failed.");
        return output;
    }

    /// <summary>Calls the broker's management API; the answer must be a success.</summary>
    public static async Task<string> AdministerAsync(HttpMethod method, string path, object? body = null)
    {
        var address = new Uri(Require("ASSAY_TEST_RABBITMQ_ADMIN"));
        var (user, password) = Credentials(address);
        using var request = new HttpRequestMessage(method, new Uri(address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var response = await Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task DropAsync(PostgresServer database)
    {
        await using (var pooled = new NpgsqlConnection(database.ConnectionString))
            NpgsqlConnection.ClearPool(pooled);
        // FORCE: what is being stopped may still have a session there.
        await ExecuteAsync(database, $"DROP DATABASE {NameOf(database)} WITH (FORCE)");
    }

    private static string NameOf(PostgresServer database) => new NpgsqlConnectionStringBuilder(database.ConnectionString).Database!;

    private static async Task ExecuteAsync(PostgresServer server, string statement)
    {
        // The database that every server has; not pooled, so that no session stays behind.
        var administrator = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(administrator.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The only variable part is a name made here.
        command.CommandText = statement;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static (string User, string Password) Credentials(Uri address) =>
        address.UserInfo.Split(':', 2) is [var user, var password] && user.Length > 0
            ? (Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
            : ("guest", "guest");

    private static string Require(string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
            return value;
        var message = $"This test needs a server that {variable} points to; ./test starts one.";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(message);
        Assert.Skip(message);
        return "";
    }
}
