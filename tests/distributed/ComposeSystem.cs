using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;

namespace Assay.Tests.Distributed;

/// <summary>The system of docker-compose.yml under a name, with ports and passwords of its own, until it is disposed of.</summary>
internal sealed class ComposeSystem : IAsyncDisposable
{
    /// <summary>The services that are Assay's own.</summary>
    public static readonly string[] Services = ["ingest", "preprocess", "enrich", "classify", "steward"];
    private static readonly string[] Needed = ["rabbitmq", "postgres", "minio"];

    private static readonly string[] Ports = ["INGEST", "S3", "S3_CONSOLE", "RABBITMQ_ADMIN", "JAEGER", "PROMETHEUS", "GRAFANA"];

    private readonly Docker docker;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("assay-compose-");
    private readonly Dictionary<string, string> variables;
    private readonly Dictionary<string, string> environment;
    private readonly int database = FreePort();
    private string[] compose = ["docker-compose"];

    private ComposeSystem(Docker docker, Dictionary<string, string> environment, string file)
    {
        this.docker = docker;
        this.environment = environment;
        variables = new()
        {
            ["ENV_FILE"] = file,
            ["COMPOSE_PROJECT_NAME"] = Servers.NewName(),
            ["COMPOSE_FILE"] = $"{Path.Combine(Repository.Root, "docker-compose.yml")}:{Path.Combine(folder.FullName, "test.yml")}",
        };
    }

    /// <summary>What .env says.</summary>
    public string this[string name] => environment[name];

    /// <summary>Where its S3 server listens.</summary>
    public Uri Objects => new($"http://127.0.0.1:{environment["S3_PORT"]}");

    /// <summary>Prepares one; nothing runs yet.</summary>
    public static async Task<ComposeSystem> NewAsync(Docker docker)
    {
        var file = Path.GetTempFileName();
        File.Delete(file);
        await docker.RunAsync(new Dictionary<string, string>(), Path.Combine(Repository.Root, "deploy", "env"), file);
        await File.AppendAllLinesAsync(file, Ports.Select(name => $"{name}_PORT={FreePort()}"));
        if (docker.HasStandIns)
            await File.AppendAllTextAsync(file, "S3_NOTIFICATION_ARN=arn:aws:sns:default::landing\n");
        var environment = (await File.ReadAllLinesAsync(file)).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var system = new ComposeSystem(docker, environment, file);
        await File.WriteAllTextAsync(Path.Combine(system.folder.FullName, "test.yml"), system.Additions());
        if ((await docker.RunAsync(system.variables, "sh", "-c", "docker compose version >/dev/null 2>&1 && echo yes || echo no")).Output.StartsWith("yes", StringComparison.Ordinal))
            system.compose = ["docker", "compose"];
        return system;
    }

    /// <summary>Starts the services and what they need, from images that are there.</summary>
    public async Task UpAsync()
    {
        await ComposeAsync(["up", "--detach", "--no-build", .. Needed]);
        if (docker.HasStandIns)
        {
            // The stand-in of the S3 server takes the name of a host that it does not know for the name of a bucket, but not an address; and it logs in at the broker as guest only.
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "test.yml"), Additions() + AddressFor(await AddressAsync("minio")));
            await ComposeAsync("exec", "-T", "rabbitmq", "sh", "-c", "rabbitmqctl add_user guest guest || true; rabbitmqctl set_permissions guest '.*' '.*' '.*'");
        }
        await ComposeAsync(["up", "--detach", "--no-build", .. Needed, "setup", .. Services]);
    }

    /// <summary>Changes how many replicas a service has; nothing else is touched.</summary>
    public Task ScaleAsync(string service, int replicas) => ComposeAsync("up", "--detach", "--no-build", "--no-deps", "--no-recreate", "--scale", $"{service}={replicas}", service);

    /// <summary>Runs docker compose on it.</summary>
    public Task<ProcessResult> ComposeAsync(params string[] arguments) => docker.RunAsync(variables, [.. compose, "--env-file", variables["ENV_FILE"], .. arguments]);

    /// <summary>Runs a command as its operator does.</summary>
    public Task<ProcessResult> RunAsync(params string[] command) => docker.RunAsync(variables, command);

    /// <summary>What Docker knows about the containers of a service, ended ones included.</summary>
    public async Task<IReadOnlyList<JsonElement>> ContainersAsync(string service)
    {
        var ids = (await RunAsync("docker", "ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={variables["COMPOSE_PROJECT_NAME"]}", "--filter", $"label=com.docker.compose.service={service}")).OutputLines;
        return ids.Length == 0 ? [] : [.. JsonSerializer.Deserialize<JsonElement>((await RunAsync(["docker", "inspect", .. ids])).Output).EnumerateArray()];
    }

    /// <summary>Asks the catalog for one number.</summary>
    public async Task<long> CountAsync(string from)
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={database};Username=assay;Database=assay;Password={environment["POSTGRES_PASSWORD"]};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own words.
        command.CommandText = $"SELECT count(*) FROM {from}";
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>What its containers have said last, for the message of a failed test.</summary>
    public async Task<string> LogsAsync() => (await ComposeAsync("ps")).Output + (await ComposeAsync("logs", "--no-color", "--tail", "40")).Output;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ComposeAsync("down", "--volumes", "--timeout", "5");
        File.Delete(variables["ENV_FILE"]);
        folder.Delete(recursive: true);
    }

    private async Task<string> AddressAsync(string service) =>
        (await ContainersAsync(service))[0].GetProperty("NetworkSettings").GetProperty("Networks").EnumerateObject().First().Value.GetProperty("IPAddress").GetString()!;

    // The S3 server's stand-in announces objects to a topic of its own; MinIO does not look at these.
    private string Additions() => $"""
        services:
          postgres:
            ports: ["127.0.0.1:{database}:5432"]
          minio:
            environment:
              STANDIN_AMQP: amqp://rabbitmq:5672
              STANDIN_EXCHANGE: s3.events

        """;

    // Not as S3_ENDPOINT: with that deploy/try-it would take it for another server than MinIO, and drop nothing.
    private static string AddressFor(string server) =>
        string.Concat(Services.Append("setup").Append("cli").Select(service => $"  {service}:\n    environment: {{ ASSAY_OBJECTS__ENDPOINT: \"http://{server}:9000\" }}\n"));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
