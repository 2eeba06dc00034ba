using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Assay.Classify;
using Assay.Ingest;
using Assay.Platform.Catalog;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using Assay.Tests.Distributed;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;
using static Assay.Tests.Deploy.Flows;

namespace Assay.Tests.Deploy;

/// <summary>The manifests of <c>deploy/k8s</c> are right in themselves, and say what the code reads and declares.</summary>
public sealed partial class ManifestTests
{
    // Registered as "amqps"; settings have it where TLS is asked for.
    private const int BusOverTls = 5671;

    private static readonly string[] Overlays = ["overlays/dev", "overlays/production", "overlays/production-hpa", "overlays/production-tls"];

    public static TheoryData<string> Folders => [.. Overlays, "base", "examples/servers", "examples/object-store"];

    public static TheoryData<string> Production => [.. Overlays.Except(["overlays/dev"])];

    public static TheoryData<string> Services => [.. Manifests.Stages.Select(stage => stage.Name)];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Every_folder_renders_to_resources_without_unknown_fields_or_names_used_twice(string folder)
    {
        var manifests = await Manifests.RenderAsync(folder);
        manifests.All.ShouldNotBeEmpty();
        manifests.Of<IKubernetesObject<V1ObjectMeta>>().Select(one => $"{one.Kind} {one.Metadata.Name}").ShouldBeUnique();
    }

    [Fact]
    public async Task Every_stage_has_a_deployment_an_account_without_token_and_a_budget()
    {
        foreach (var overlay in Overlays)
        {
            var manifests = await Manifests.RenderAsync(overlay);
            foreach (var stage in Manifests.Stages)
            {
                var deployment = manifests.One<V1Deployment>(stage.Name);
                var labels = deployment.Spec.Template.Metadata.Labels;
                var container = deployment.Spec.Template.Spec.Containers.ShouldHaveSingleItem();
                container.Image.ShouldMatch($"^assay/{stage.Name}:.+");
                var spread = deployment.Spec.Template.Spec.TopologySpreadConstraints;
                spread.Select(one => one.TopologyKey).ShouldBe(["kubernetes.io/hostname", "topology.kubernetes.io/zone"], ignoreOrder: true);
                spread.ShouldAllBe(one => Selects(one.LabelSelector, labels));
                manifests.One<V1PodDisruptionBudget>(stage.Name).Spec.Selector.ShouldSatisfyAllConditions(selector => Selects(selector, labels).ShouldBeTrue());
                Selects(deployment.Spec.Selector, labels).ShouldBeTrue();
                manifests.One<V1ServiceAccount>(deployment.Spec.Template.Spec.ServiceAccountName).AutomountServiceAccountToken.ShouldBe(false);
            }
        }
    }

    [Fact]
    public async Task Every_pod_keeps_to_the_restricted_profile_and_has_limits_and_no_token()
    {
        foreach (var overlay in Overlays)
        {
            var manifests = await Manifests.RenderAsync(overlay);
            manifests.Of<V1Namespace>().ShouldHaveSingleItem().Metadata.Labels["pod-security.kubernetes.io/enforce"].ShouldBe("restricted");
            foreach (var (name, pod) in manifests.Pods())
            {
                pod.Spec.AutomountServiceAccountToken.ShouldBe(false, name);
                pod.Spec.SecurityContext.RunAsNonRoot.ShouldBe(true, name);
                pod.Spec.SecurityContext.SeccompProfile.Type.ShouldBe("RuntimeDefault", name);
                foreach (var container in pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []))
                {
                    container.SecurityContext.AllowPrivilegeEscalation.ShouldBe(false, name);
                    container.SecurityContext.Capabilities.Drop.ShouldBe(["ALL"], name);
                    container.Resources.Limits.ShouldContainKey("memory", name);
                    container.Resources.Requests.ShouldContainKey("cpu", name);
                    container.Image.ShouldMatch(@":\D*\d+[.-]\d+", name);
                    if (container.Image.StartsWith("assay/", StringComparison.Ordinal))
                        container.SecurityContext.ReadOnlyRootFilesystem.ShouldBe(true, name);
                }
            }
        }

        // Of the pods that operators make, RabbitmqCluster's leave out what the profile asks for.
        var broker = (await Manifests.RenderAsync("examples/servers")).Of<RabbitmqCluster>().Single().Spec.Override.StatefulSet.Spec.Template.Spec;
        (broker.SecurityContext.RunAsNonRoot, broker.SecurityContext.SeccompProfile.Type).ShouldBe((true, "RuntimeDefault"));
        var containers = broker.InitContainers.Concat(broker.Containers).ToList();
        containers.Select(container => container.Name).ShouldBe(["setup-container", "rabbitmq"]);
        containers.ShouldAllBe(container => container.SecurityContext.AllowPrivilegeEscalation == false && container.SecurityContext.Capabilities.Drop.Single() == "ALL");
    }

    [Fact]
    public async Task A_pod_has_longer_to_end_than_its_service_takes()
    {
        var manifests = await Manifests.RenderAsync("overlays/production");
        foreach (var stage in Manifests.Stages)
        {
            var builder = WebApplication.CreateSlimBuilder();
            foreach (var secret in new[] { "Catalog:Password", "Objects:AccessKey", "Objects:SecretKey" })
                builder.Configuration[secret] = "secret";
            builder.AddStages(stage);
            await using var provider = builder.Services.BuildServiceProvider();
            var takes = provider.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
            var pod = manifests.One<V1Deployment>(stage.Name).Spec.Template.Spec;
            var waits = TimeSpan.FromSeconds(pod.Containers[0].Lifecycle?.PreStop?.Sleep?.Seconds ?? 0);
            TimeSpan.FromSeconds(pod.TerminationGracePeriodSeconds!.Value).ShouldBeGreaterThan(waits + takes + TimeSpan.FromSeconds(10), stage.Name);
        }
    }

    // The real program with the real names; only the servers are not there.
    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_service_starts_with_the_settings_and_secrets_of_its_manifest_and_answers_its_probes(string stage)
    {
        var manifests = await Manifests.RenderAsync("overlays/production");
        var pod = manifests.One<V1Deployment>(stage).Spec.Template;
        var container = pod.Spec.Containers[0];
        var variables = manifests.VariablesOf(container);
        new Uri(variables["ASPNETCORE_URLS"]).Port.ShouldBe(container.Ports.Single(port => port.Name == "http").ContainerPort);
        using var secrets = new SecretFolder(pod);
        variables["ASSAY_SECRETS_DIR"] = secrets.Path;
        await using var service = await ServiceProcess.StartAsync(ServiceProcess.ProgramOf(stage), variables);
        foreach (var probe in new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe })
        {
            probe.HttpGet.Port.Value.ShouldBe("http");
            using var answer = await service.Http.GetAsync(new Uri(probe.HttpGet.Path, UriKind.Relative), TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable);
        }
    }

    [Fact]
    public async Task All_settings_and_names_of_secrets_are_known_to_the_code()
    {
        foreach (var overlay in Overlays)
        {
            var manifests = await Manifests.RenderAsync(overlay);
            foreach (var (name, pod) in manifests.Pods().Where(one => one.Pod.Spec.Volumes.Any(volume => volume.Name == "secrets")))
            {
                var container = pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).Single(one => one.Image.StartsWith("assay/", StringComparison.Ordinal));
                var files = Manifests.SecretFilesOf(pod).ToDictionary(one => Settings.Prefix + one.File, one => $"secret of {name}");
                Manifests.CheckSettings(manifests.VariablesOf(container).Concat(files).ToDictionary());
                container.VolumeMounts.Single(mount => mount.Name == "secrets").MountPath.ShouldBe("/run/secrets");
            }
        }
    }

    [Fact]
    public async Task A_service_has_only_its_own_secrets()
    {
        var manifests = await Manifests.RenderAsync("overlays/production");
        foreach (var stage in Manifests.Stages)
        {
            Manifests.SecretFilesOf(manifests.One<V1Deployment>(stage.Name).Spec.Template).Select(one => one.Secret).Distinct()
                .ShouldBe(["assay-bus-default-user", $"assay-catalog-{stage.Name}", $"assay-objects-{stage.Name}"], ignoreOrder: true);
        }
        manifests.Of<V1Secret>().ShouldBeEmpty("Passwords of production are in no file.");
    }

    [Fact]
    public async Task What_pods_of_the_dev_overlay_refer_to_is_there()
    {
        var manifests = await Manifests.RenderAsync("overlays/dev");
        foreach (var (name, pod) in manifests.Pods())
        {
            foreach (var (file, secret, key) in pod.Spec.Volumes.Any(volume => volume.Name == "secrets") ? Manifests.SecretFilesOf(pod) : [])
                manifests.One<V1Secret>(secret).Data.ShouldContainKey(key, $"{name} {file}");
            foreach (var variable in pod.Spec.Containers.SelectMany(container => container.Env ?? []).Where(variable => variable.ValueFrom is not null))
            {
                if (variable.ValueFrom.SecretKeyRef is { } secret)
                    manifests.One<V1Secret>(secret.Name).Data.ShouldContainKey(secret.Key, name);
                if (variable.ValueFrom.ConfigMapKeyRef is { Optional: not true } setting)
                    manifests.One<V1ConfigMap>(setting.Name).Data.ShouldContainKey(setting.Key, name);
            }
        }
    }

    [Fact]
    public async Task The_servers_of_the_dev_overlay_are_where_the_settings_say()
    {
        var manifests = await Manifests.RenderAsync("overlays/dev");
        var settings = manifests.VariablesOf(manifests.One<V1Deployment>("ingest").Spec.Template.Spec.Containers[0]);
        var objects = new Uri(settings["ASSAY_OBJECTS__ENDPOINT"]);
        (string Host, int Port)[] wanted =
            [(settings["ASSAY_BUS__HOST"], new BusOptions().Port), (settings["ASSAY_CATALOG__HOST"], new CatalogOptions().Port), (objects.Host, objects.Port)];
        foreach (var (host, port) in wanted)
        {
            var named = manifests.One<V1Service>(host).Spec;
            var server = manifests.One<V1Deployment>(host).Spec.Template;
            server.Metadata.Labels.ShouldContain(named.Selector.Single());
            var target = named.Ports.Single(one => one.Port == port).TargetPort.Value;
            server.Spec.Containers[0].Ports.Single(one => one.Name == target).ContainerPort.ShouldBe(port);
        }
    }

    [Fact]
    public async Task Everything_is_denied_and_every_flow_that_is_allowed_has_its_ends()
    {
        var manifests = await Manifests.RenderAsync("overlays/dev");
        var pods = manifests.Pods().Select(one => one.Pod).ToList();
        var deny = manifests.One<V1NetworkPolicy>("default-deny").Spec;
        (deny.PodSelector.MatchLabels ?? new Dictionary<string, string>()).ShouldBeEmpty();
        (deny.PodSelector.MatchExpressions ?? []).ShouldBeEmpty();
        deny.PolicyTypes.ShouldBe(["Ingress", "Egress"], ignoreOrder: true);
        (deny.Ingress ?? []).ShouldBeEmpty();
        (deny.Egress ?? []).ShouldBeEmpty();
        foreach (var policy in manifests.Of<V1NetworkPolicy>().Where(one => one.Metadata.Name != "default-deny"))
        {
            var name = policy.Metadata.Name;
            var own = pods.Where(pod => Selects(policy.Spec.PodSelector, pod.Metadata.Labels)).ToList();
            own.ShouldNotBeEmpty(name);
            foreach (var rule in policy.Spec.Ingress ?? [])
                Flows.PortsOf(rule.Ports).Except([BusOverTls]).ShouldBeSubsetOf(own.SelectMany(PortsOf), name);
            foreach (var rule in policy.Spec.Egress ?? [])
            {
                foreach (var peer in rule.To.Where(peer => peer.NamespaceSelector is null))
                {
                    var others = pods.Where(pod => Selects(peer.PodSelector, pod.Metadata.Labels)).ToList();
                    others.ShouldNotBeEmpty(name);
                    Flows.PortsOf(rule.Ports).Except([BusOverTls]).ShouldBeSubsetOf(others.SelectMany(PortsOf), name);
                }
            }
        }
        foreach (var flow in new[] { "services-to-bus", "services-to-catalog", "services-to-objects" })
        {
            var selector = manifests.One<V1NetworkPolicy>(flow).Spec.PodSelector;
            Manifests.Stages.Select(stage => stage.Name).Append("setup").ShouldAllBe(client => Selects(selector, pods.Single(pod => pod.Metadata.Labels["app.kubernetes.io/name"] == client).Metadata.Labels), flow);
        }
    }

    // How operators name the namespaces, pods and ports of theirs is in their documentation.
    [Theory]
    [MemberData(nameof(Production))]
    public async Task In_production_each_flow_that_is_needed_is_let_through_at_both_ends_and_no_other(string overlay)
    {
        var (production, servers, store) = (await Manifests.RenderAsync(overlay), await Manifests.RenderAsync("examples/servers"), await Manifests.RenderAsync("examples/object-store"));
        var home = production.Of<V1Namespace>().Single().Metadata.Name;
        var flows = new Flows(home, production.Of<V1NetworkPolicy>().Concat(servers.Of<V1NetworkPolicy>()));
        var settings = production.VariablesOf(production.One<V1Deployment>("ingest").Spec.Template.Spec.Containers[0]);
        var clients = production.Pods().Select(one => new Peer(home, one.Pod.Metadata.Labels)).ToList();
        clients.Count.ShouldBe(Manifests.Stages.Count + 1);
        var services = clients.Where(one => one.Labels["app.kubernetes.io/name"] != "setup").ToList();
        var bus = new Peer(home, new Dictionary<string, string> { ["app.kubernetes.io/name"] = servers.Of<RabbitmqCluster>().Single().Metadata.Name });
        var catalog = new Peer(home, servers.Of<PostgresCluster>().Single().Spec.InheritedMetadata.Labels);
        var gateway = new Peer(store.Of<CephObjectStore>().Single().Metadata.NamespaceProperty, new Dictionary<string, string> { ["app"] = "rook-ceph-rgw" });
        var (keda, postgresOperator, monitoring, stranger) = (new Peer("keda"), new Peer("cnpg-system"), new Peer("monitoring"), new Peer("default"));
        var catalogPort = int.Parse(settings.GetValueOrDefault("ASSAY_CATALOG__PORT", $"{new CatalogOptions().Port}"), CultureInfo.InvariantCulture);
        var busPort = int.Parse(settings.GetValueOrDefault("ASSAY_BUS__PORT", $"{new BusOptions().Port}"), CultureInfo.InvariantCulture);
        // Policies count the ports of pods, and Rook's listen on 8080 whatever the Service's port is, but for securePort.
        var objects = new Uri(settings["ASSAY_OBJECTS__ENDPOINT"]);
        var objectsPort = objects.Scheme == Uri.UriSchemeHttps ? objects.Port : 8080;
        var triggers = production.Of<ScaledObject>().SelectMany(one => one.Spec.Triggers).Select(trigger => new Uri(trigger.Metadata.Host)).Distinct().ToList();
        triggers.ShouldAllBe(address => address.Host == $"{settings["ASSAY_BUS__HOST"]}.{home}");

        var needed = new List<(Peer From, Peer To, int Port)>
        {
            (gateway, bus, busPort), (bus, bus, 4369), (bus, bus, 25672), (bus, stranger, 6443),
            (catalog, catalog, catalogPort), (catalog, stranger, 6443), (postgresOperator, catalog, catalogPort), (postgresOperator, catalog, 8000),
        };
        needed.AddRange(clients.SelectMany(client => new[] { (client, bus, busPort), (client, catalog, catalogPort), (client, gateway, objectsPort) }));
        needed.AddRange(services.SelectMany(service => new[] { (service, monitoring, 4317), (monitoring, service, 8080) }));
        needed.AddRange(triggers.Select(address => (keda, bus, address.Port)));
        foreach (var (from, to, port) in needed)
            flows.Allow(from, to, port).ShouldBeTrue($"{from} to {to}, port {port}");

        var forbidden = clients.SelectMany(client => new[] { (client, bus, 15672), (client, services[0], 8080), (client, stranger, 443), (stranger, client, 8080), (gateway, client, 8080) })
            .Concat([(keda, bus, busPort), (keda, catalog, catalogPort), (gateway, catalog, catalogPort), (bus, catalog, catalogPort), (catalog, bus, busPort), (monitoring, bus, busPort)])
            .Concat(new[] { bus, catalog }.SelectMany(server => new[] { busPort, catalogPort, 15672 }.Select(port => (stranger, server, port))));
        foreach (var (from, to, port) in forbidden)
            flows.Allow(from, to, port).ShouldBeFalse($"{from} to {to}, port {port}");
    }

    [Fact]
    public async Task The_grants_are_made_at_the_port_and_with_the_protection_that_the_services_ask_of_the_catalog()
    {
        foreach (var overlay in Overlays)
        {
            var manifests = await Manifests.RenderAsync(overlay);
            var job = manifests.One<V1Job>("setup").Spec.Template.Spec;
            var settings = manifests.VariablesOf(job.InitContainers[0]);
            // libpq writes VerifyFull as verify-full.
            var expected = settings.TryGetValue("ASSAY_CATALOG__SSLMODE", out var mode) ? WordStart().Replace(mode, "-$0").ToLowerInvariant() : null;
            settings.GetValueOrDefault("PGSSLMODE").ShouldBe(expected, overlay);
            job.Containers[0].Env.Where(variable => variable.ValueFrom.ConfigMapKeyRef is not null).ToDictionary(variable => variable.Name, variable => variable.ValueFrom.ConfigMapKeyRef.Key).ShouldBe(
                new Dictionary<string, string>
                {
                    ["PGHOST"] = "ASSAY_CATALOG__HOST",
                    ["PGPORT"] = "ASSAY_CATALOG__PORT",
                    ["PGDATABASE"] = "ASSAY_CATALOG__DATABASE",
                    ["PGSSLMODE"] = "PGSSLMODE",
                    ["PGSSLROOTCERT"] = "SSL_CERT_FILE",
                },
                ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Over_tls_every_server_is_asked_for_it_and_every_program_is_given_the_authority()
    {
        var manifests = await Manifests.RenderAsync("overlays/production-tls");
        foreach (var (name, pod) in manifests.Pods())
        {
            var settings = manifests.VariablesOf((pod.Spec.InitContainers ?? pod.Spec.Containers)[0]);
            (settings["ASSAY_BUS__TLS"], settings["ASSAY_BUS__PORT"], settings["ASSAY_CATALOG__SSLMODE"], new Uri(settings["ASSAY_OBJECTS__ENDPOINT"]).Scheme)
                .ShouldBe(("true", $"{BusOverTls}", nameof(Npgsql.SslMode.VerifyFull), Uri.UriSchemeHttps), name);
            var authority = pod.Spec.Volumes.Single(volume => volume.ConfigMap?.Name == "assay-ca").Name;
            foreach (var container in pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []))
                $"{container.VolumeMounts.Single(mount => mount.Name == authority).MountPath}/ca.crt".ShouldBe(settings["SSL_CERT_FILE"], name);
        }
    }

    [Fact]
    public async Task Keda_counts_what_waits_and_what_is_in_hand_in_every_queue_of_a_stage_that_the_code_declares()
    {
        var manifests = await Manifests.RenderAsync("overlays/production");
        string[] others = [TranslateS3EventDefinition.Queue, ClassifyStage.ShadowQueue];
        var owners = new Dictionary<string, string> { [TranslateS3EventDefinition.Queue] = new IngestStage().Name, [ClassifyStage.ShadowQueue] = new ClassifyStage().Name };
        var scaled = manifests.Of<ScaledObject>().ToList();
        // Of several stewards one is at work: more of them do no more.
        scaled.Select(one => one.Spec.ScaleTargetRef.Name).ShouldBe(Manifests.Stages.Select(stage => stage.Name).Except(["steward"]), ignoreOrder: true);
        foreach (var one in scaled)
        {
            var stage = one.Spec.ScaleTargetRef.Name;
            one.Spec.Triggers.Select(trigger => trigger.Metadata.QueueName).ShouldBe(
                [stage, Lane.BulkQueueOf(stage), .. others.Where(queue => owners[queue] == stage)], ignoreOrder: true);
            one.Spec.Triggers.ShouldAllBe(trigger => trigger.Type == "rabbitmq" && trigger.MetricType == "AverageValue" && trigger.Metadata.Mode == "QueueLength");
            // Over AMQP only what waits is told.
            one.Spec.Triggers.ShouldAllBe(trigger => trigger.Metadata.Protocol == "http" && trigger.Metadata.ExcludeUnacknowledged == "false");
            one.Spec.Triggers.ShouldAllBe(trigger => trigger.Metadata.VhostName == new BusOptions().VirtualHost);
            one.Spec.Triggers.ShouldAllBe(trigger => new Uri(trigger.Metadata.Host).Host == "assay-bus.assay");
            one.Spec.Triggers.ShouldAllBe(trigger => manifests.Of<TriggerAuthentication>().Any(known => known.Metadata.Name == trigger.AuthenticationRef.Name));
            // As many as a pod has in hand: four for each image that it works on, and of bulk work it works on half as many.
            one.Spec.Triggers.ShouldAllBe(trigger => int.Parse(trigger.Metadata.Value, CultureInfo.InvariantCulture)
                == BusRegistration.PrefetchOf(trigger.Metadata.QueueName, new BusOptions { Concurrency = CoresOf(manifests, stage) }));
            one.Spec.MinReplicaCount.ShouldBeGreaterThan(0);
            one.Spec.Fallback.Replicas.ShouldBe(one.Spec.MinReplicaCount);
            one.Spec.Fallback.Behavior.ShouldBe("currentReplicasIfHigher");
            ShouldLeaveSlowly(one.Spec.Advanced.HorizontalPodAutoscalerConfig.Behavior.ScaleDown);
            manifests.One<V1Deployment>(stage).Spec.Replicas.ShouldBeNull("Applied again, it would undo what the autoscaler has done.");
        }
        manifests.Of<V2HorizontalPodAutoscaler>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_keda_the_same_stages_scale_between_the_same_numbers()
    {
        var (keda, plain) = (await Manifests.RenderAsync("overlays/production"), await Manifests.RenderAsync("overlays/production-hpa"));
        plain.Of<V2HorizontalPodAutoscaler>().Select(one => (one.Spec.ScaleTargetRef.Name, one.Spec.MinReplicas ?? 0, one.Spec.MaxReplicas))
            .ShouldBe(keda.Of<ScaledObject>().Select(one => (one.Spec.ScaleTargetRef.Name, one.Spec.MinReplicaCount, one.Spec.MaxReplicaCount)), ignoreOrder: true);
        foreach (var one in plain.Of<V2HorizontalPodAutoscaler>())
        {
            plain.One<V1Deployment>(one.Spec.ScaleTargetRef.Name).Spec.Replicas.ShouldBeNull();
            ShouldLeaveSlowly(one.Spec.Behavior.ScaleDown);
        }
        plain.Of<ScaledObject>().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_job_runs_setup_and_then_the_grants_and_gives_up_on_a_wrong_setting()
    {
        var manifests = await Manifests.RenderAsync("overlays/production");
        var job = manifests.One<V1Job>("setup").Spec;
        var setup = job.Template.Spec.InitContainers.ShouldHaveSingleItem();
        setup.Args.ShouldBe(["setup"]);
        job.PodFailurePolicy.Rules.ShouldHaveSingleItem().OnExitCodes.ContainerName.ShouldBe(setup.Name);
        var sql = job.Template.Spec.Volumes.Single(volume => volume.Name == "sql").ConfigMap.Name;
        var grants = job.Template.Spec.Containers.ShouldHaveSingleItem();
        grants.Command.ShouldContain("/sql/grants.sql");
        manifests.One<V1ConfigMap>(sql).Data["grants.sql"].ShouldBe(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "postgres", "grants.sql"), TestContext.Current.CancellationToken));

        // As the container would: without servers it ends with 1, with a wrong setting it would end with 2.
        using var secrets = new SecretFolder(job.Template);
        var variables = manifests.VariablesOf(setup);
        variables["ASSAY_SECRETS_DIR"] = secrets.Path;
        await using var process = AssayProcess.Start("assay", variables, setup.Args);
        (await process.ExitAsync(TimeSpan.FromMinutes(2))).ExitCode.ShouldBe(1, process.ToString());
        job.PodFailurePolicy.Rules[0].OnExitCodes.Values.ShouldBe([2]);
    }

    [Fact]
    public async Task The_examples_make_what_the_production_overlay_refers_to()
    {
        var (production, servers, store) = (await Manifests.RenderAsync("overlays/production"), await Manifests.RenderAsync("examples/servers"), await Manifests.RenderAsync("examples/object-store"));
        var settings = production.VariablesOf(production.One<V1Deployment>("ingest").Spec.Template.Spec.Containers[0]);
        // The names that the operators give to services and secrets.
        settings["ASSAY_BUS__HOST"].ShouldBe(servers.Of<RabbitmqCluster>().ShouldHaveSingleItem().Metadata.Name);
        var catalog = servers.Of<PostgresCluster>().ShouldHaveSingleItem();
        settings["ASSAY_CATALOG__HOST"].ShouldBe($"{catalog.Metadata.Name}-rw");
        settings["ASSAY_CATALOG__DATABASE"].ShouldBe(catalog.Spec.Bootstrap.Initdb.Database);
        var rook = store.Of<CephObjectStore>().ShouldHaveSingleItem();
        new Uri(settings["ASSAY_OBJECTS__ENDPOINT"]).ShouldBe(new Uri($"http://rook-ceph-rgw-{rook.Metadata.Name}.{rook.Metadata.NamespaceProperty}:{rook.Spec.Gateway.Port}"));

        // And those of people with the assay command.
        string[] secrets = [.. production.Pods().SelectMany(one => Manifests.SecretFilesOf(one.Pod)).Select(one => one.Secret).Distinct(), "assay-catalog-operator", "assay-objects-operator"];
        catalog.Spec.Managed.Roles.Select(role => role.PasswordSecret.Name).ShouldBe(secrets.Where(name => name.StartsWith("assay-catalog-", StringComparison.Ordinal)), ignoreOrder: true);
        servers.Of<CephObjectStoreUser>().Select(user => $"assay-objects-{user.Metadata.Name}").ShouldBe(secrets.Where(name => name.StartsWith("assay-objects-", StringComparison.Ordinal)), ignoreOrder: true);
        foreach (var reference in catalog.Spec.Bootstrap.Initdb.PostInitApplicationSQLRefs.ConfigMapRefs)
            servers.One<V1ConfigMap>(reference.Name).Data.ShouldContainKey(reference.Key);
    }

    [Fact]
    public async Task Every_service_logs_in_as_a_member_of_its_own_role()
    {
        var catalog = (await Manifests.RenderAsync("examples/servers")).Of<PostgresCluster>().Single();
        catalog.Spec.Managed.Roles.ShouldAllBe(role => role.InRoles.SequenceEqual(new[] { $"assay_{role.Name}" }) && role.Login);
        var dev = await Manifests.RenderAsync("overlays/dev");
        var logins = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "k8s", "overlays", "dev", "logins.sql"), TestContext.Current.CancellationToken);
        foreach (var name in Manifests.Stages.Select(stage => stage.Name).Append("owner"))
        {
            var secret = dev.Of<V1Secret>().Single(one => Regex.IsMatch(one.Metadata.Name, $"^assay-catalog-{name}-[a-z0-9]+$")).Data;
            var (user, password) = (System.Text.Encoding.UTF8.GetString(secret["username"]), System.Text.Encoding.UTF8.GetString(secret["password"]));
            logins.ShouldContain($"CREATE ROLE {user} LOGIN PASSWORD '{password}' IN ROLE assay_{name};");
        }
        var roles = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "postgres", "roles.sql"), TestContext.Current.CancellationToken);
        RoleName().Matches(logins).Select(match => match.Value).Distinct().ShouldAllBe(role => roles.Contains($"'{role}'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Policies_of_the_store_name_buckets_that_there_are()
    {
        string[] buckets = [.. Layer.All, Layer.Models, new LandingSource().Bucket];
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy", "s3"), "*.json"))
        {
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            BucketName().Matches(text).Select(match => match.Groups[1].Value).ShouldBeSubsetOf(buckets, file);
        }
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy", "s3"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!)
            .ShouldBe([.. Manifests.Stages.Select(stage => stage.Name), "operator"], ignoreOrder: true);
    }

    private static int CoresOf(Manifests manifests, string stage) =>
        int.Parse(manifests.One<V1Deployment>(stage).Spec.Template.Spec.Containers[0].Resources.Limits["cpu"].ToString(), CultureInfo.InvariantCulture);

    private static void ShouldLeaveSlowly(V2HPAScalingRules rules)
    {
        (rules.StabilizationWindowSeconds ?? 0).ShouldBeGreaterThanOrEqualTo(300);
        rules.Policies.ShouldHaveSingleItem().ShouldSatisfyAllConditions(policy => (policy.Type, policy.Value).ShouldBe(("Pods", 1)));
    }

    private static IEnumerable<int> PortsOf(V1PodTemplateSpec pod) => pod.Spec.Containers.SelectMany(container => container.Ports ?? []).Select(port => port.ContainerPort);

    [GeneratedRegex(@"\bassay_[a-z]+\b")]
    private static partial Regex RoleName();

    [GeneratedRegex("(?<=[a-z])[A-Z]+")]
    private static partial Regex WordStart();

    [GeneratedRegex(@"arn:aws:s3:::([a-z]+)")]
    private static partial Regex BucketName();

    // The files that a pod would find under /run/secrets.
    private sealed class SecretFolder : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("assay-secrets-");

        public SecretFolder(V1PodTemplateSpec pod)
        {
            foreach (var (file, _, _) in Manifests.SecretFilesOf(pod))
                File.WriteAllText(System.IO.Path.Combine(Path, file), "secret");
        }

        public string Path => folder.FullName;

        public void Dispose() => folder.Delete(recursive: true);
    }
}
