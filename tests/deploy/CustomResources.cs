#pragma warning disable CA2227 // Filled by the reader of YAML.
using k8s;
using k8s.Models;

namespace Assay.Tests.Deploy;

// The parts of operators' resources that Assay's manifests use. A field that is not here is refused: it would be a misspelt one, or one to add after a look at
// the operator's documentation.

/// <summary>Whatever the resource.</summary>
internal abstract class CustomResource<T> : IKubernetesObject<V1ObjectMeta> where T : new()
{
    public string ApiVersion { get; set; } = "";
    public string Kind { get; set; } = "";
    public V1ObjectMeta Metadata { get; set; } = new();
    public T Spec { get; set; } = new();
}

/// <summary>KEDA.</summary>
internal sealed class ScaledObject : CustomResource<ScaledObject.Scaling>
{
    internal sealed class Scaling
    {
        public V2CrossVersionObjectReference ScaleTargetRef { get; set; } = new();
        public int PollingInterval { get; set; }
        public int CooldownPeriod { get; set; }
        public int MinReplicaCount { get; set; }
        public int MaxReplicaCount { get; set; }
        public Fallback Fallback { get; set; } = new();
        public Advanced Advanced { get; set; } = new();
        public List<Trigger> Triggers { get; set; } = [];
    }

    internal sealed class Fallback
    {
        public int FailureThreshold { get; set; }
        public int Replicas { get; set; }
        public string Behavior { get; set; } = "";
    }

    internal sealed class Advanced
    {
        public Autoscaler HorizontalPodAutoscalerConfig { get; set; } = new();
    }

    internal sealed class Autoscaler
    {
        public V2HorizontalPodAutoscalerBehavior Behavior { get; set; } = new();
    }

    internal sealed class Trigger
    {
        public string Type { get; set; } = "";
        public string MetricType { get; set; } = "";
        public RabbitMqQueue Metadata { get; set; } = new();
        public V1LocalObjectReference AuthenticationRef { get; set; } = new();
    }

    internal sealed class RabbitMqQueue
    {
        public string Protocol { get; set; } = "";
        public string Host { get; set; } = "";
        public string VhostName { get; set; } = "";
        public string QueueName { get; set; } = "";
        public string Mode { get; set; } = "";
        public string Value { get; set; } = "";
        public string ExcludeUnacknowledged { get; set; } = "";
    }
}

/// <summary>KEDA.</summary>
internal sealed class TriggerAuthentication : CustomResource<TriggerAuthentication.Source>
{
    internal sealed class Source
    {
        public List<SecretParameter> SecretTargetRef { get; set; } = [];
    }

    internal sealed class SecretParameter
    {
        public string Parameter { get; set; } = "";
        public string Name { get; set; } = "";
        public string Key { get; set; } = "";
    }
}

/// <summary>RabbitMQ Cluster Operator.</summary>
internal sealed class RabbitmqCluster : CustomResource<RabbitmqCluster.Cluster>
{
    internal sealed class Cluster
    {
        public int Replicas { get; set; }
        public Persistence Persistence { get; set; } = new();
        public V1ResourceRequirements Resources { get; set; } = new();
        public Configuration Rabbitmq { get; set; } = new();
        public V1Affinity Affinity { get; set; } = new();
        public Overrides Override { get; set; } = new();
    }

    internal sealed class Overrides
    {
        public V1StatefulSet StatefulSet { get; set; } = new();
    }

    internal sealed class Persistence
    {
        public string Storage { get; set; } = "";
    }

    internal sealed class Configuration
    {
        public string AdditionalConfig { get; set; } = "";
    }
}

/// <summary>CloudNativePG.</summary>
internal sealed class PostgresCluster : CustomResource<PostgresCluster.Cluster>
{
    internal sealed class Cluster
    {
        public int Instances { get; set; }
        public InheritedMetadata InheritedMetadata { get; set; } = new();
        public Storage Storage { get; set; } = new();
        public V1ResourceRequirements Resources { get; set; } = new();
        public Bootstrap Bootstrap { get; set; } = new();
        public Managed Managed { get; set; } = new();
    }

    internal sealed class InheritedMetadata
    {
        public Dictionary<string, string> Labels { get; set; } = [];
    }

    internal sealed class Storage
    {
        public string Size { get; set; } = "";
    }

    internal sealed class Bootstrap
    {
        public FirstDatabase Initdb { get; set; } = new();
    }

    internal sealed class FirstDatabase
    {
        public string Database { get; set; } = "";
        public string Owner { get; set; } = "";
        public V1LocalObjectReference Secret { get; set; } = new();
        public SqlReferences PostInitApplicationSQLRefs { get; set; } = new();
    }

    internal sealed class SqlReferences
    {
        public List<V1ConfigMapKeySelector> ConfigMapRefs { get; set; } = [];
    }

    internal sealed class Managed
    {
        public List<Role> Roles { get; set; } = [];
    }

    internal sealed class Role
    {
        public string Name { get; set; } = "";
        public string Ensure { get; set; } = "";
        public bool Login { get; set; }
        public List<string> InRoles { get; set; } = [];
        public V1LocalObjectReference PasswordSecret { get; set; } = new();
    }
}

/// <summary>Rook.</summary>
internal sealed class CephObjectStore : CustomResource<CephObjectStore.Store>
{
    internal sealed class Store
    {
        public Pool MetadataPool { get; set; } = new();
        public Pool DataPool { get; set; } = new();
        public bool PreservePoolsOnDelete { get; set; }
        public List<string> AllowUsersInNamespaces { get; set; } = [];
        public Gateway Gateway { get; set; } = new();
    }

    internal sealed class Pool
    {
        public string FailureDomain { get; set; } = "";
        public Replicated? Replicated { get; set; }
        public ErasureCoded? ErasureCoded { get; set; }
    }

    internal sealed class Replicated
    {
        public int Size { get; set; }
    }

    internal sealed class ErasureCoded
    {
        public int DataChunks { get; set; }
        public int CodingChunks { get; set; }
    }

    internal sealed class Gateway
    {
        public int Port { get; set; }
        public int Instances { get; set; }
    }
}

/// <summary>Rook.</summary>
internal sealed class CephObjectStoreUser : CustomResource<CephObjectStoreUser.User>
{
    internal sealed class User
    {
        public string Store { get; set; } = "";
        public string ClusterNamespace { get; set; } = "";
        public string DisplayName { get; set; } = "";
        public Quotas? Quotas { get; set; }
    }

    internal sealed class Quotas
    {
        public int MaxBuckets { get; set; }
    }
}
