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
        exchanges.ShouldAllBe(exchange => exchange == new IngestOptions().EventExchange);
    }

    private static async Task<Dictionary<string, Dictionary<string, object>>> ReadAsync()
    {
        var file = Path.Combine(Repository.Root, "docker-compose.yml");
        var parser = new MergingParser(new Parser(new StringReader(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))));
        var compose = new DeserializerBuilder().IgnoreUnmatchedProperties().Build().Deserialize<Compose>(parser);
        return compose.Services;
    }

    private static string? ImageOf(Dictionary<string, object> service) => service.TryGetValue("image", out var image) ? Resolve(image.ToString()!) : null;

    private static Dictionary<string, string> VariablesOf(Dictionary<string, object> service) => (service.TryGetValue("environment", out var variables) ? variables : null) switch
    {
        Dictionary<object, object> map => map.ToDictionary(one => one.Key.ToString()!, one => Resolve(one.Value?.ToString() ?? "")),
        List<object> list => list.Select(one => one.ToString()!.Split('=', 2)).ToDictionary(one => one[0], one => Resolve(one.ElementAtOrDefault(1) ?? "")),
        _ => [],
    };

    private static IEnumerable<string> SecretsOf(Dictionary<string, object> service) => (service.TryGetValue("secrets", out var secrets) ? (List<object>)secrets : [])
        .Select(secret => secret is Dictionary<object, object> named ? (named.TryGetValue("target", out var target) ? target : named["source"]).ToString()! : secret.ToString()!)
        .Select(target => Path.GetFileName(target));

    // As compose resolves ${NAME:-default} where nothing is set. What must be set is something.
    private static string Resolve(string text) => Variable().Replace(text, match => match.Groups["default"] is { Success: true } known ? known.Value : "set");

    [GeneratedRegex(@"\$\{\w+(:?-(?<default>[^}]*)|:?\?[^}]*)?\}")]
    private static partial Regex Variable();

    [GeneratedRegex("^MINIO_NOTIFY_AMQP_EXCHANGE_(?!TYPE_)")]
    private static partial Regex Exchange();

    private sealed class Compose
    {
        [YamlMember(Alias = "services")]
        public Dictionary<string, Dictionary<string, object>> Services { get; set; } = [];
    }
}
