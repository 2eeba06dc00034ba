using System.Text.Json;
using System.Text.RegularExpressions;
using Assay.Tests.Deploy;
using Assay.Tests.Distributed;
using k8s.Models;
using Shouldly;
using Xunit;

namespace Assay.Tests.Observability;

/// <summary>What deploy/observability gives to Prometheus and Grafana, checked by Prometheus' own tool.</summary>
public sealed partial class ObservabilityTests
{
    // "up" is Prometheus' own.
    private static readonly string[] KnownMetrics = [.. TraceTests.Metrics.SelectMany(MetricsIn), "up"];

    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "observability");
    private static readonly string Rules = Path.Combine(Folder, "alerts.yml");
    private static readonly string Cases = Path.Combine(Repository.Root, "tests", "observability", "alerts.yml");

    private static readonly string[] Phases = ["Running", "Failed"];

    public static TheoryData<string> Dashboards => [.. Dashboard.Files.Select(path => Path.GetFileName(path))];

    [Fact]
    public async Task Prometheus_accepts_its_configuration_and_the_rules()
    {
        await RequirePromtoolAsync();
        (await Tools.RunAsync("promtool", "check", "config", Path.Combine(Folder, "prometheus.yml"))).ShouldContain("SUCCESS");
    }

    // Debian's Prometheus cannot ask Kubernetes. So it is told what it would learn there about each container of the manifests, as long as its pod runs and when it has failed.
    [Fact]
    public async Task In_Kubernetes_Prometheus_finds_every_service_under_the_name_that_alerts_ask_for_and_nothing_else()
    {
        await RequirePromtoolAsync();
        var manifests = await Manifests.RenderAsync("overlays/dev");
        var configuration = await File.ReadAllTextAsync(Path.Combine(Folder, "prometheus-kubernetes.yml"), TestContext.Current.CancellationToken);
        KubernetesDiscovery().Match(configuration).Groups["namespace"].Value.ShouldBe(manifests.Of<V1Namespace>().Single().Metadata.Name);
        var targets = from one in manifests.Pods()
                      from phase in Phases
                      from container in one.Pod.Spec.Containers.Concat(one.Pod.Spec.InitContainers ?? [])
                      from port in container.Ports ?? [new V1ContainerPort()]
                      select new { targets = new[] { $"{one.Name}-{phase}:{port.ContainerPort}" }, labels = LabelsOf(one.Pod.Metadata, phase, port) };
        var folder = Directory.CreateTempSubdirectory("assay-prometheus-");
        try
        {
            File.Copy(Rules, Path.Combine(folder.FullName, Path.GetFileName(Rules)));
            var file = Path.Combine(folder.FullName, "prometheus.yml");
            // JSON is YAML, too.
            await File.WriteAllTextAsync(file, KubernetesDiscovery().Replace(configuration, $"static_configs: {JsonSerializer.Serialize(targets)}"), TestContext.Current.CancellationToken);
            (await Tools.RunAsync("promtool", "check", "config", file)).ShouldContain("SUCCESS");

            using var found = JsonDocument.Parse(await Tools.RunAsync("promtool", "check", "service-discovery", file, "assay", "--timeout=2s"));
            var kept = found.RootElement.EnumerateArray().Select(target => target.GetProperty("labels")).Where(labels => labels.EnumerateObject().Any());
            kept.Select(labels => (Of(labels, "job"), Of(labels, "__address__"), Of(labels, "__metrics_path__")))
                .ShouldBe(Manifests.Stages.Select(stage => (stage.Name, $"{stage.Name}-Running:8080", "/metrics")), ignoreOrder: true);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static string Of(JsonElement labels, string name) => labels.GetProperty(name).GetString()!;
    }

    [Fact]
    public async Task Every_alert_fires_when_it_should_and_not_when_it_should_not()
    {
        await RequirePromtoolAsync();
        (await Tools.RunAsync("promtool", "test", "rules", Cases)).ShouldContain("SUCCESS");
        var cases = await File.ReadAllTextAsync(Cases, TestContext.Current.CancellationToken);
        // One that is expected to fire has labels.
        foreach (var alert in Alerts())
            Regex.IsMatch(cases, $@"alertname: {alert.Name}\n +exp_alerts:\n +- exp_labels").ShouldBeTrue($"tests/observability/alerts.yml has no case in which {alert.Name} fires.");
    }

    [Fact]
    public void Every_alert_leads_to_its_section_of_the_runbook_and_every_section_has_an_alert()
    {
        var sections = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "runbook.md")).Where(line => line.StartsWith("## Assay", StringComparison.Ordinal)).Select(line => line[3..]).ToList();
        var alerts = Alerts();
        alerts.Select(alert => alert.Name).ShouldBe(sections, ignoreOrder: true);
        foreach (var alert in alerts)
            alert.Runbook.ShouldBe($"docs/runbook.md#{alert.Name.ToLowerInvariant()}");
    }

    [Fact]
    public void Alerts_ask_for_nothing_that_no_service_says() =>
        MetricsIn(File.ReadAllText(Rules)).ShouldBeSubsetOf(KnownMetrics);

    [Theory]
    [MemberData(nameof(Dashboards))]
    public async Task A_dashboard_asks_only_for_what_services_say_and_in_words_that_Prometheus_understands(string file)
    {
        var questions = Dashboard.PanelsOf(Dashboard.Files.Single(path => Path.GetFileName(path) == file)).Select(panel => panel.Expression).ToList();
        questions.ShouldNotBeEmpty();
        questions.SelectMany(MetricsIn).Distinct().ShouldBeSubsetOf(KnownMetrics);

        await RequirePromtoolAsync();
        var rules = Path.GetTempFileName();
        try
        {
            // JSON is YAML, too.
            await File.WriteAllTextAsync(rules, JsonSerializer.Serialize(new
            {
                groups = new[] { new { name = file, rules = questions.Select((question, number) => new { record = $"panel:{number}", expr = question.Replace("$__rate_interval", "5m", StringComparison.Ordinal) }) } },
            }), TestContext.Current.CancellationToken);
            (await Tools.RunAsync("promtool", "check", "rules", rules)).ShouldContain("SUCCESS");
        }
        finally
        {
            File.Delete(rules);
        }
    }

    [Fact]
    public void Dashboards_ask_only_what_is_provisioned()
    {
        var known = Uid().Matches(File.ReadAllText(Directory.EnumerateFiles(Path.Combine(Folder, "grafana", "provisioning", "datasources")).Single())).Select(match => match.Groups[1].Value).ToList();
        foreach (var dashboard in Dashboard.Files)
            DataSource().Matches(File.ReadAllText(dashboard)).Select(match => match.Groups[1].Value).Distinct().ShouldHaveSingleItem().ShouldBeOneOf([.. known]);
    }

    [Fact]
    public void Each_metric_is_on_a_dashboard() =>
        KnownMetrics.Except(Dashboard.Files.SelectMany(path => MetricsIn(File.ReadAllText(path)))).ShouldBeEmpty();

    private static Task RequirePromtoolAsync() => Tools.RequireAsync("promtool", "--version");

    // As Prometheus' documentation names them.
    private static Dictionary<string, string> LabelsOf(V1ObjectMeta pod, string phase, V1ContainerPort port)
    {
        const string Prefix = "__meta_kubernetes_pod_";
        var labels = (pod.Annotations ?? new Dictionary<string, string>()).Select(one => KeyValuePair.Create($"annotation_{one.Key}", one.Value))
            .Concat(pod.Labels.Select(one => KeyValuePair.Create($"label_{one.Key}", one.Value)))
            .Append(KeyValuePair.Create("name", "a-pod")).Append(KeyValuePair.Create("phase", phase)).Append(KeyValuePair.Create("container_port_name", port.Name ?? ""));
        return labels.ToDictionary(one => Prefix + NotInLabels().Replace(one.Key, "_"), one => one.Value);
    }

    private static List<(string Name, string Runbook)> Alerts() =>
        [.. AlertPattern().Matches(File.ReadAllText(Rules)).Select(match => (match.Groups["name"].Value, match.Groups["runbook"].Value))];

    private static IEnumerable<string> MetricsIn(string text) =>
        MetricPattern().Matches(text).Select(match => HistogramPart().Replace(match.Value, "")).Distinct();

    [GeneratedRegex(@"- alert: (?<name>\w+)\n(?:(?!- alert:)[\s\S])*?runbook: (?<runbook>\S+)")]
    private static partial Regex AlertPattern();

    [GeneratedRegex(@"\bassay_\w+|\bup(?=\{)")]
    private static partial Regex MetricPattern();

    [GeneratedRegex(@"kubernetes_sd_configs: \[\{ role: pod, namespaces: \{ names: \[(?<namespace>\w+)\] \} \}\]")]
    private static partial Regex KubernetesDiscovery();

    [GeneratedRegex("[^a-zA-Z0-9_]")]
    private static partial Regex NotInLabels();

    [GeneratedRegex(@"\buid: (\w+)")]
    private static partial Regex Uid();

    [GeneratedRegex(@"""datasource"": \{[^}]*""uid"": ""(\w+)""")]
    private static partial Regex DataSource();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramPart();
}
