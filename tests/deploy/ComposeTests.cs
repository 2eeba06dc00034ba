using System.Text.RegularExpressions;
using Assay.Ingest;
using Shouldly;
using Xunit;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using Settings = Assay.Platform.Hosting.Settings;

namespace Assay.Tests.Deploy;

/// <summary><c>docker-compose.yml</c> says what the code reads.</summary>
public sealed partial class ComposeTests
{
    [Fact]
    public async Task All_settings_and_names_of_secrets_are_known_to_the_code_and_every_stage_is_there()
    {
        var services = (await ReadAsync()).Where(service => ImageOf(service.Value)?.StartsWith("assay/", StringComparison.Ordinal) == true).ToList();
        var images = services.Select(service => ImageOf(service.Value)!.Split('/', ':')[1]).ToList();
        Manifests.Stages.Select(stage => stage.Name).ShouldBeSubsetOf(images);
        foreach (var (_, service) in services)
        {
            var secrets = SecretsOf(service).Where(name => name.Contains("__", StringComparison.Ordinal)).Select(name => KeyValuePair.Create(Settings.Prefix + name, "secret"));
            Manifests.CheckSettings(VariablesOf(service).Concat(secrets).ToDictionary());
        }
    }

    [Fact]
    public async Task Ports_that_are_published_of_a_service_are_those_it_listens_on()
    {
        foreach (var (name, service) in (await ReadAsync()).Where(service => ImageOf(service.Value)?.StartsWith("assay/", StringComparison.Ordinal) == true))
        {
            var listens = VariablesOf(service).GetValueOrDefault("ASPNETCORE_URLS") is { } address ? new Uri(address).Port : 8080;
            foreach (var port in service.TryGetValue("ports", out var ports) ? (List<object>)ports : [])
                Resolve(port.ToString()!).Split(':')[^1].ShouldBe($"{listens}", name);
        }
    }

    [Fact]
    public async Task The_store_announces_objects_to_the_exchange_that_ingest_listens_to()
    {
        var exchanges = (await ReadAsync()).SelectMany(service => VariablesOf(service.Value)).Where(variable => Exchange().IsMatch(variable.Key)).Select(variable => variable.Value);
        exchanges.ShouldHaveSingleItem().ShouldBe(new IngestOptions().EventExchange);
        // The store's name for it has that of its variables.
        var target = VariablesOf((await ReadAsync())["ingest"])["ASSAY_INGEST__NOTIFICATIONARN"];
        (await ReadAsync()).SelectMany(service => VariablesOf(service.Value).Keys).ShouldContain($"MINIO_NOTIFY_AMQP_ENABLE_{target.Split(':')[^2]}");
    }

    [Fact]
    public async Task Nothing_is_published_beyond_this_machine_no_password_has_a_default_and_every_image_has_its_version()
    {
        foreach (var (name, service) in await ReadAsync())
        {
            ListOf(service, "ports").ShouldAllBe(port => port.StartsWith("127.0.0.1:", StringComparison.Ordinal), name);
            WrittenVariablesOf(service).Where(variable => Secret().IsMatch(variable.Key)).ShouldAllBe(variable => Required().IsMatch(variable.Value), name);
            ImageOf(service).ShouldNotBeNull(name).Split(':').ElementAtOrDefault(1).ShouldNotBeNull(name).ShouldNotBe("latest", name);
        }
    }

    [Fact]
    public async Task Every_server_that_a_setting_names_is_a_service_of_the_file_and_keeps_its_data_in_a_named_volume()
    {
        var compose = await ReadFileAsync();
        var servers = VariablesOf(compose.Services["ingest"])
            .Where(variable => variable.Key.EndsWith("__HOST", StringComparison.Ordinal) || variable.Key.EndsWith("ENDPOINT", StringComparison.Ordinal))
            .Select(variable => Uri.TryCreate(variable.Value, UriKind.Absolute, out var address) ? address.Host : variable.Value).ToList();
        servers.ShouldBe(["rabbitmq", "postgres", "minio", "jaeger"], ignoreOrder: true);
        servers.ShouldBeSubsetOf(compose.Services.Keys);
        // Jaeger keeps traces in memory.
        foreach (var server in servers.Except(["jaeger"]))
            ListOf(compose.Services[server], "volumes").ShouldHaveSingleItem().Split(':')[0].ShouldBeOneOf([.. compose.Volumes.Keys]);
    }

    [Fact]
    public async Task With_an_environment_for_another_store_MinIO_is_not_started_and_no_service_is_told_of_it()
    {
        var folder = Directory.CreateTempSubdirectory("assay-env-");
        var (file, later) = (Path.Combine(folder.FullName, "other"), Path.Combine(folder.FullName, "usual"));
        string[] variables = ["S3_ENDPOINT=https://s3.example.com", "S3_ACCESS_KEY=key", "S3_SECRET_KEY=secret"];
        await Tools.RunAsync("env", [.. variables, Path.Combine(Repository.Root, "deploy", "env"), file]);
        await Tools.RunAsync("env", ["-u", "S3_ENDPOINT", Path.Combine(Repository.Root, "deploy", "env"), later]);
        var lines = Line().Matches(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ToDictionary(line => line.Groups["name"].Value, line => line.Groups["value"].Value);
        var usual = Line().Matches(await File.ReadAllTextAsync(later, TestContext.Current.CancellationToken)).Select(line => line.Groups["name"].Value).ToList();
        folder.Delete(recursive: true);

        lines.Select(line => $"{line.Key}={line.Value}").Intersect(variables).ShouldBe(variables, ignoreOrder: true);
        lines.Keys.Except(usual).ShouldBe(["S3_ENDPOINT", "S3_NOTIFICATION_ARN", "MINIO_REPLICAS"]);
        var services = await ReadAsync();
        Resolve(services["minio"]["scale"].ToString()!).ShouldBe("1");
        Resolve(services["minio"]["scale"].ToString()!, lines).ShouldBe("0");
        foreach (var (name, service) in services.Where(service => ImageOf(service.Value)?.StartsWith("assay/", StringComparison.Ordinal) == true))
            WrittenVariablesOf(service).Values.Select(value => Resolve(value, lines)).ShouldAllBe(value => !value.Contains("minio", StringComparison.OrdinalIgnoreCase), name);
    }

    [Fact]
    public async Task Prometheus_asks_every_service_where_it_listens()
    {
        var jobs = Job().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "observability", "prometheus.yml"), TestContext.Current.CancellationToken))
            .Select(job => (Job: job.Groups[1].Value, Service: job.Groups[2].Value, Port: job.Groups[3].Value)).ToList();
        jobs.Select(job => job.Service).ShouldBe(Manifests.Stages.Select(stage => stage.Name), ignoreOrder: true);
        jobs.ShouldAllBe(job => job.Job == job.Service && job.Port == "8080");
        jobs.Select(job => job.Service).ShouldBeSubsetOf((await ReadAsync()).Keys);
    }

    private static async Task<Dictionary<string, Dictionary<string, object>>> ReadAsync() => (await ReadFileAsync()).Services;

    private static async Task<Compose> ReadFileAsync()
    {
        var file = Path.Combine(Repository.Root, "docker-compose.yml");
        var parser = new MergingParser(new Parser(new StringReader(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))));
        return new DeserializerBuilder().IgnoreUnmatchedProperties().Build().Deserialize<Compose>(parser);
    }

    private static List<string> ListOf(Dictionary<string, object> service, string name) => service.TryGetValue(name, out var list) ? [.. ((List<object>)list).Select(item => item.ToString()!)] : [];

    private static string? ImageOf(Dictionary<string, object> service) => service.TryGetValue("image", out var image) ? Resolve(image.ToString()!) : null;

    private static Dictionary<string, string> VariablesOf(Dictionary<string, object> service) =>
        WrittenVariablesOf(service).ToDictionary(variable => variable.Key, variable => Resolve(variable.Value));

    private static Dictionary<string, string> WrittenVariablesOf(Dictionary<string, object> service) => (service.TryGetValue("environment", out var variables) ? variables : null) switch
    {
        Dictionary<object, object> map => map.ToDictionary(one => one.Key.ToString()!, one => one.Value?.ToString() ?? ""),
        List<object> list => list.Select(one => one.ToString()!.Split('=', 2)).ToDictionary(one => one[0], one => one.ElementAtOrDefault(1) ?? ""),
        _ => [],
    };

    private static IEnumerable<string> SecretsOf(Dictionary<string, object> service) => (service.TryGetValue("secrets", out var secrets) ? (List<object>)secrets : [])
        .Select(secret => secret is Dictionary<object, object> named ? (named.TryGetValue("target", out var target) ? target : named["source"]).ToString()! : secret.ToString()!)
        .Select(target => Path.GetFileName(target));

    // As compose resolves ${NAME:-default} where nothing else is set. What must be set is something.
    private static string Resolve(string text, Dictionary<string, string>? set = null) => Variable().Replace(text, match =>
        set is not null && set.TryGetValue(match.Groups["name"].Value, out var value) && (value.Length > 0 || match.Groups["colon"].Length == 0) ? value
        : match.Groups["default"] is { Success: true } known ? known.Value : "set");

    [GeneratedRegex(@"\$\{(?<name>\w+)((?<colon>:?)-(?<default>[^}]*)|:?\?[^}]*)?\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(?<name>[A-Z0-9_]+)=(?<value>\S*)$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex("PASSWORD|SECRET|ACCESSKEY|_PASS$")]
    private static partial Regex Secret();

    [GeneratedRegex(@"^\$\{\w+:\?")]
    private static partial Regex Required();

    [GeneratedRegex(@"job_name: (\w+)\n +dns_sd_configs: \[\{ names: \[(\w+)\], type: A, port: (\d+)")]
    private static partial Regex Job();

    [GeneratedRegex("^MINIO_NOTIFY_AMQP_EXCHANGE_(?!TYPE_)")]
    private static partial Regex Exchange();

    private sealed class Compose
    {
        [YamlMember(Alias = "services")]
        public Dictionary<string, Dictionary<string, object>> Services { get; set; } = [];

        [YamlMember(Alias = "volumes")]
        public Dictionary<string, object?> Volumes { get; set; } = [];
    }
}
