namespace Assay.Platform.Hosting;

/// <summary>A bucket beside the layers' without which a service is not ready. Stages register those that they need.</summary>
/// <param name="Name">Its name.</param>
public sealed record NeededBucket(string Name);
