using System.Globalization;
using k8s.Models;

namespace Assay.Tests.Deploy;

/// <summary>What network policies of a namespace let through, as Kubernetes reads them. Other namespaces keep nothing back.</summary>
internal sealed class Flows(string home, IEnumerable<V1NetworkPolicy> policies)
{
    private readonly List<V1NetworkPolicy> policies = [.. policies];

    /// <summary>Whether a pod may open a connection to a port of another.</summary>
    public bool Allow(Peer from, Peer to, int port) =>
        (from.Namespace != home || Of("Egress", from).SelectMany(one => one.Spec.Egress ?? []).Any(rule => Names(rule.To, to) && Has(rule.Ports, port)))
        && (to.Namespace != home || Of("Ingress", to).SelectMany(one => one.Spec.Ingress ?? []).Any(rule => Names(rule.FromProperty, from) && Has(rule.Ports, port)));

    /// <summary>Whether a selector selects what has these labels.</summary>
    public static bool Selects(V1LabelSelector selector, IDictionary<string, string> labels) =>
        (selector.MatchLabels ?? new Dictionary<string, string>()).All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
        && (selector.MatchExpressions ?? []).All(wanted => wanted.OperatorProperty == "In" && labels.TryGetValue(wanted.Key, out var value) && wanted.Values.Contains(value));

    /// <summary>The ports of a rule.</summary>
    public static IEnumerable<int> PortsOf(IEnumerable<V1NetworkPolicyPort> ports) => ports.Select(one => int.Parse(one.Port.Value, CultureInfo.InvariantCulture));

    private IEnumerable<V1NetworkPolicy> Of(string direction, Peer pod) => policies.Where(one => one.Spec.PolicyTypes.Contains(direction) && Selects(one.Spec.PodSelector, pod.Labels));

    // None at all are everybody, and every port.
    private bool Names(IList<V1NetworkPolicyPeer>? peers, Peer pod) => peers is not { Count: > 0 } || peers.Any(peer =>
        (peer.NamespaceSelector is { } selector ? Selects(selector, new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = pod.Namespace }) : pod.Namespace == home)
        && (peer.PodSelector is null || Selects(peer.PodSelector, pod.Labels)));

    private static bool Has(IList<V1NetworkPolicyPort>? ports, int port) => ports is not { Count: > 0 } || PortsOf(ports).Contains(port);

    /// <summary>A pod, as policies see it.</summary>
    internal sealed record Peer(string Namespace, IDictionary<string, string> Labels)
    {
        public Peer(string place) : this(place, new Dictionary<string, string>())
        {
        }
    }
}
