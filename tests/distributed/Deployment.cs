using System.Globalization;
using System.Text.Json;
using Amazon.S3;
using Assay.Platform.Objects;
using Assay.Tests.Classify;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RabbitMQ.Client;
using Shouldly;

namespace Assay.Tests.Distributed;

/// <summary>A deployment of its own on the real servers: a virtual host, a database, buckets, a folder of secrets, and the programs that run in it.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    private readonly Owned<RabbitMqServer> broker;
    private readonly Owned<PostgresServer> database;
    private readonly PackageFolder model = PackageFolder.With();
    private readonly DirectoryInfo secrets = Directory.CreateTempSubdirectory("assay-secrets-");
    private readonly ServiceProvider services;
    private readonly List<ServiceProcess> running = [];

    private Deployment(Owned<RabbitMqServer> broker, Owned<PostgresServer> database)
    {
        this.broker = broker;
        this.database = database;
        var s3 = Servers.S3();
        var catalog = new NpgsqlConnectionStringBuilder(database.Value.ConnectionString);
        WriteSecret("Bus__Password", broker.Value.Password);
        WriteSecret("Catalog__Password", catalog.Password!);
        WriteSecret("Objects__SecretKey", s3.SecretKey);
        Settings = new Dictionary<string, string>
        {
            ["ASSAY_SECRETS_DIR"] = secrets.FullName,
            ["ASSAY_BUS__HOST"] = broker.Value.Host,
            ["ASSAY_BUS__PORT"] = broker.Value.Port.ToString(CultureInfo.InvariantCulture),
            ["ASSAY_BUS__VIRTUALHOST"] = broker.Value.VirtualHost,
            ["ASSAY_BUS__USER"] = broker.Value.User,
            ["ASSAY_CATALOG__HOST"] = catalog.Host!,
            ["ASSAY_CATALOG__PORT"] = catalog.Port.ToString(CultureInfo.InvariantCulture),
            ["ASSAY_CATALOG__DATABASE"] = catalog.Database!,
            ["ASSAY_CATALOG__USER"] = catalog.Username!,
            ["ASSAY_OBJECTS__ENDPOINT"] = s3.Endpoint.ToString(),
            ["ASSAY_OBJECTS__ACCESSKEY"] = s3.AccessKey,
            ["ASSAY_OBJECTS__BUCKETPREFIX"] = $"{Name}-",
            ["ASSAY_INGEST__SOURCES__0__BUCKET"] = Landing,
            // Every service has its setting, as in a compose file with one environment for all.
            ["ASSAY_CLASSIFY__MODEL"] = model.Path,
        };
        services = new ServiceCollection()
            .AddObjectStore(new ObjectsOptions { Endpoint = s3.Endpoint, AccessKey = s3.AccessKey, SecretKey = s3.SecretKey })
            .BuildServiceProvider();
        Objects = services.GetRequiredService<IObjectStore>();
    }

    /// <summary>Passwords for a program that is to end before it shows them to anybody.</summary>
    public static IReadOnlyDictionary<string, string> UnusedSecrets { get; } = new Dictionary<string, string>
    {
        ["ASSAY_CATALOG__PASSWORD"] = "secret",
        ["ASSAY_OBJECTS__ACCESSKEY"] = "key",
        ["ASSAY_OBJECTS__SECRETKEY"] = "secret",
    };

    /// <summary>What its buckets' names begin with.</summary>
    public string Name { get; } = Servers.NewName();

    /// <summary>The landing bucket.</summary>
    public string Landing => $"{Name}-landing";

    /// <summary>The settings of every program.</summary>
    public Dictionary<string, string> Settings { get; }

    /// <summary>Its virtual host.</summary>
    public RabbitMqServer Broker => broker.Value;

    /// <summary>Its database.</summary>
    public PostgresServer Database => database.Value;

    /// <summary>Its object store, as the tests see it.</summary>
    public IObjectStore Objects { get; }

    /// <summary>A new one, with nothing in it.</summary>
    public static async Task<Deployment> NewAsync() => new(await Servers.NewVirtualHostAsync(), await Servers.NewDatabaseAsync());

    /// <summary>Runs <c>assay setup</c>.</summary>
    public Task<ProcessResult> SetupAsync(params (string Name, string Value)[] settings) => CommandAsync(settings, "setup");

    /// <summary>Runs a command of the <c>assay</c> program, which must succeed.</summary>
    public async Task<ProcessResult> CommandAsync((string Name, string Value)[] settings, params string[] arguments)
    {
        var all = new Dictionary<string, string>(Settings);
        foreach (var (name, value) in settings)
            all[name] = value;
        await using var command = AssayProcess.Start("assay", all, arguments);
        var result = await command.ExitAsync(TimeSpan.FromMinutes(2));
        result.ExitCode.ShouldBe(0, command.ToString());
        return result;
    }

    /// <summary>Starts a service, e.g. <c>Assay.Ingest</c>; it has said where it listens when this returns.</summary>
    public async Task<ServiceProcess> StartAsync(string program, params (string Name, string Value)[] settings)
    {
        var service = await ServiceProcess.StartAsync(program, Settings, settings);
        lock (running)
            running.Add(service);
        return service;
    }

    /// <summary>Starts the four services.</summary>
    public async Task<IReadOnlyList<ServiceProcess>> StartAllAsync() =>
        await Task.WhenAll(StartAsync("Assay.Ingest"), StartAsync("Assay.Preprocess"), StartAsync("Assay.Enrich"), StartAsync("Assay.Classify"));

    /// <summary>Puts a door before a server, which a setting names: <c>…__PORT</c> or <c>…__ENDPOINT</c>. Whatever is started from now on goes through it.</summary>
    public Door DoorTo(string setting)
    {
        if (setting.EndsWith("ENDPOINT", StringComparison.Ordinal))
        {
            var endpoint = new UriBuilder(Settings[setting]);
            var door = new Door((endpoint.Host, endpoint.Port));
            endpoint.Port = door.Port;
            Settings[setting] = endpoint.Uri.ToString();
            return door;
        }
        var way = new Door((Settings[setting.Replace("PORT", "HOST", StringComparison.Ordinal)], int.Parse(Settings[setting], CultureInfo.InvariantCulture)));
        Settings[setting] = way.Port.ToString(CultureInfo.InvariantCulture);
        return way;
    }

    /// <summary>Asks the catalog for one number.</summary>
    public async Task<long> CountAsync(string what) => Convert.ToInt64((await QueryAsync($"SELECT {what}"))[0][0], CultureInfo.InvariantCulture);

    /// <summary>Asks the catalog.</summary>
    public async Task<List<object?[]>> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(database.Value.ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own words.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object?[]>();
        while (await reader.ReadAsync())
        {
            var row = new object?[reader.FieldCount];
            reader.GetValues(row!);
            rows.Add([.. row.Select(value => value is DBNull ? null : value)]);
        }
        return rows;
    }

    /// <summary>How many messages each queue holds, delivered ones included.</summary>
    public async Task<Dictionary<string, int>> QueuesAsync()
    {
        using var queues = JsonDocument.Parse(await Servers.AdministerAsync(HttpMethod.Get, $"api/queues/{Broker.VirtualHost}"));
        return queues.RootElement.EnumerateArray().ToDictionary(
            queue => queue.GetProperty("name").GetString()!,
            queue => queue.TryGetProperty("messages", out var messages) ? messages.GetInt32() : -1);
    }

    /// <summary>Publishes bytes as an S3 server publishes its notifications.</summary>
    public async Task PublishEventAsync(string body, string routingKey = "")
    {
        var factory = new ConnectionFactory { HostName = Broker.Host, Port = Broker.Port, VirtualHost = Broker.VirtualHost, UserName = Broker.User, Password = Broker.Password };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync("s3.events", routingKey, mandatory: true, System.Text.Encoding.UTF8.GetBytes(body));
    }

    /// <summary>Drops an object into the landing bucket.</summary>
    public async Task DropAsync(string key, byte[] bytes, Dictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream(bytes);
        await Objects.WriteAsync(Landing, key, stream, bytes.Length, "application/octet-stream", metadata, CancellationToken.None);
    }

    /// <summary>Takes an object away, as no program of Assay does.</summary>
    public Task RemoveAsync(string bucket, string key) => services.GetRequiredService<IAmazonS3>().DeleteObjectAsync(bucket, key);

    /// <summary>What landed of an upload: the status address names it.</summary>
    public Task<StoredObject?> FindLandedAsync(string statusUrl)
    {
        var query = QueryHelpers.ParseQuery(statusUrl[statusUrl.IndexOf('?', StringComparison.Ordinal)..]);
        return Objects.FindAsync(Landing, query["landed"].Single()!, CancellationToken.None);
    }

    /// <summary>All that the services have said, for the message of a failed test.</summary>
    public string Logs() => string.Join('\n', running.Select(service => service.ToString()));

    /// <summary>Writes a file of the folder of secrets, for instance <c>Bus__Password</c>.</summary>
    public void WriteSecret(string name, string value) => File.WriteAllText(Path.Combine(secrets.FullName, name), value);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in running)
            await service.DisposeAsync();
        await services.DisposeAsync();
        model.Dispose();
        secrets.Delete(recursive: true);
        await broker.DisposeAsync();
        await database.DisposeAsync();
    }
}
