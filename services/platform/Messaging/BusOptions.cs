using System.ComponentModel.DataAnnotations;

namespace Assay.Platform.Messaging;

/// <summary>How messages travel. Section <c>Bus</c>.</summary>
public sealed class BusOptions
{
    /// <summary>The bus: <c>RabbitMq</c> (default) or <c>InMemory</c>.</summary>
    public BusKind Kind { get; init; } = BusKind.RabbitMq;

    /// <summary>RabbitMQ's host name. Default <c>127.0.0.1</c>.</summary>
    [Required]
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>RabbitMQ's port. Default 5672.</summary>
    /// <value>port</value>
    [Range(1, 65535)]
    public ushort Port { get; init; } = 5672;

    /// <summary>The virtual host. Default <c>/</c>.</summary>
    [Required]
    public string VirtualHost { get; init; } = "/";

    /// <summary>The user. Default <c>guest</c>, which RabbitMQ lets in from its own machine only.</summary>
    [Required]
    public string User { get; init; } = "guest";

    /// <summary>The user's password. Better in a secret file than in the environment.</summary>
    [Required]
    public string Password { get; init; } = "guest";

    /// <summary>Whether to speak TLS. Default false.</summary>
    public bool Tls { get; init; }

    /// <summary>Images that one process works on at a time in each stage. Default 0: as many as there are cores.</summary>
    /// <value>images</value>
    [Range(0, 1024)]
    public int Concurrency { get; init; }

    /// <summary>Of bulk work, how many images one process works on at a time in each stage, beside the others. Default 0: half of <see cref="Concurrency"/>, at least one.</summary>
    /// <value>images</value>
    [Range(0, 1024)]
    public int BulkConcurrency { get; init; }
}

/// <summary>The buses that there are.</summary>
public enum BusKind
{
    /// <summary>RabbitMQ 3.10 or newer, with quorum queues.</summary>
    RabbitMq,

    /// <summary>Inside this process. What waits in it ends with the process; the catalog knows what was not finished.</summary>
    InMemory,
}
