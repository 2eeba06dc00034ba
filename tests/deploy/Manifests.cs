using System.Reflection;
using System.Text.RegularExpressions;
using Assay.Classify;
using Assay.Enrich;
using Assay.Ingest;
using Assay.Platform.Hosting;
using Assay.Preprocess;
using Assay.Steward;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Assay.Tests.Deploy;

/// <summary>The manifests as kustomize renders them, read strictly into types: an unknown or misspelt field is an error.</summary>
internal sealed partial class Manifests
{
    /// <summary>The stages that are services of their own.</summary>
    public static readonly IReadOnlyList<IStage> Stages = [new IngestStage(), new PreprocessStage(), new EnrichStage(), new ClassifyStage(), new StewardStage()];

    private static readonly Dictionary<string, Type> Types = new()
    {
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
        ["keda.sh/v1alpha1/TriggerAuthentication"] = typeof(TriggerAuthentication),
        ["rabbitmq.com/v1beta1/RabbitmqCluster"] = typeof(RabbitmqCluster),
        ["postgresql.cnpg.io/v1/Cluster"] = typeof(PostgresCluster),
        ["ceph.rook.io/v1/CephObjectStore"] = typeof(CephObjectStore),
        ["ceph.rook.io/v1/CephObjectStoreUser"] = typeof(CephObjectStoreUser),
    };

    private static readonly MethodInfo AddSettings = typeof(Settings).GetMethod(nameof(Settings.AddSettings))!;

    private Manifests(IReadOnlyList<object> all) => All = all;

    /// <summary>All resources.</summary>
    public IReadOnlyList<object> All { get; }

    /// <summary>Renders a folder of <c>deploy/k8s</c>.</summary>
    public static async Task<Manifests> RenderAsync(string folder)
    {
        await Tools.RequireAsync("kubectl", "version", "--client");
        var rendered = await Tools.RunAsync("kubectl", "kustomize", Path.Combine(Repository.Root, "deploy", "k8s", folder));
        return new Manifests(KubernetesYaml.LoadAllFromString(rendered, Types, strict: true));
    }

    /// <summary>The resources of a kind.</summary>
    public IEnumerable<T> Of<T>() => All.OfType<T>();

    /// <summary>The one with a name.</summary>
    public T One<T>(string name) where T : IKubernetesObject<V1ObjectMeta> =>
        Of<T>().SingleOrDefault(one => one.Metadata.Name == name) ?? throw new InvalidOperationException($"There is no {typeof(T).Name} {name}.");

    /// <summary>All templates of pods, with the name of what makes them.</summary>
    public IEnumerable<(string Name, V1PodTemplateSpec Pod)> Pods() =>
        Of<V1Deployment>().Select(one => (one.Metadata.Name, one.Spec.Template)).Concat(Of<V1Job>().Select(one => (one.Metadata.Name, one.Spec.Template)));

    /// <summary>The variables that a container gets from maps of settings.</summary>
    public Dictionary<string, string> VariablesOf(V1Container container) =>
        container.EnvFrom.SelectMany(from => One<V1ConfigMap>(from.ConfigMapRef.Name).Data).ToDictionary();

    /// <summary>The files that a pod gets from secrets, and the secret and key of each.</summary>
    public static IEnumerable<(string File, string Secret, string Key)> SecretFilesOf(V1PodTemplateSpec pod) =>
        from volume in pod.Spec.Volumes where volume.Name == "secrets"
        from source in volume.Projected.Sources
        from item in source.Secret.Items
        select (item.Path, source.Secret.Name, item.Key);

    /// <summary>Has the code read settings as it does at its start: those that it does not know or cannot read it refuses.</summary>
    /// <param name="variables">Variables; of names without a value only the name is checked.</param>
    /// <exception cref="SettingsException">It refuses one.</exception>
    public static void CheckSettings(IReadOnlyDictionary<string, string> variables)
    {
        var ours = variables.Where(one => one.Key.StartsWith(Settings.Prefix, StringComparison.Ordinal) && one.Key.Contains("__", StringComparison.Ordinal)).ToList();
        Settings.RequireSections(ours.Select(one => one.Key));
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(ours.Select(one => KeyValuePair.Create(one.Key[Settings.Prefix.Length..].Replace("__", ":", StringComparison.Ordinal), (string?)one.Value)));
        foreach (var options in OptionTypes())
        {
            try
            {
                AddSettings.MakeGenericMethod(options).Invoke(null, [builder]);
            }
            catch (TargetInvocationException exception) when (exception.InnerException is SettingsException wrong)
            {
                throw wrong;
            }
        }
    }

    // Whatever a service may read: a section is named after its type.
    private static IEnumerable<Type> OptionTypes() => Stages.Select(stage => stage.GetType().Assembly).Append(typeof(Settings).Assembly).Distinct()
        .SelectMany(assembly => assembly.GetExportedTypes()).Where(type => OptionsName().IsMatch(type.FullName!));

    [GeneratedRegex(@"^Assay\.(\w+\.)+\w+Options$")]
    private static partial Regex OptionsName();
}
