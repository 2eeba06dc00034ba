using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Assay.Platform.Hosting;

/// <summary>
/// Secrets as they are now. A file of them may be replaced while a service runs: whoever connects asks here. What a file does not say (any more) stays as it was.
/// </summary>
public sealed class SecretFiles
{
    // Every request to the object store asks.
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private static SecretFiles latest = new(new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase), readAt: null);

    private readonly IReadOnlyDictionary<string, string> secrets;
    private readonly long? readAt;

    private SecretFiles(IReadOnlyDictionary<string, string> secrets, long? readAt)
    {
        this.secrets = secrets;
        this.readAt = readAt;
    }

    /// <summary>The folder of secrets: <c>ASSAY_SECRETS_DIR</c>, by default <c>/run/secrets</c>. A file <c>Catalog__Password</c> is the setting <c>Catalog:Password</c>.</summary>
    public static string Folder => Path.GetFullPath(Environment.GetEnvironmentVariable("ASSAY_SECRETS_DIR") ?? "/run/secrets");

    /// <summary>What the files say, at most a second ago. Secrets that belong together are found in one reading.</summary>
    public static SecretFiles Read()
    {
        var known = Volatile.Read(ref latest);
        if (known.readAt is { } at && Stopwatch.GetElapsedTime(at) < Freshness)
            return known;
        var secrets = new Dictionary<string, string>(known.secrets, StringComparer.OrdinalIgnoreCase);
        try
        {
            foreach (var (setting, value) in new ConfigurationBuilder().AddKeyPerFile(Folder, optional: true).Build().AsEnumerable())
            {
                // An empty file is being written.
                if (!string.IsNullOrEmpty(value))
                    secrets[setting] = value;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // One is being replaced at this moment. Whoever is refused for it asks again.
        }
        known = new SecretFiles(secrets, Stopwatch.GetTimestamp());
        Volatile.Write(ref latest, known);
        return known;
    }

    /// <summary>Whether there is a secret at all: it was set when the service started, or has a file, which is being written as long as it is empty.</summary>
    /// <param name="setting">For instance <c>Catalog:Password</c>.</param>
    /// <param name="atStart">What the setting was when the service started.</param>
    public static bool IsGiven(string setting, string? atStart)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return !string.IsNullOrEmpty(atStart) || File.Exists(Path.Combine(Folder, setting.Replace(":", "__", StringComparison.Ordinal)));
    }

    /// <summary>A secret as it is now.</summary>
    /// <param name="setting">For instance <c>Catalog:Password</c>.</param>
    /// <param name="atStart">What the setting was when the service started: so it is where no file has said otherwise.</param>
    public string? Find(string setting, string? atStart) => secrets.GetValueOrDefault(setting) ?? atStart;
}
