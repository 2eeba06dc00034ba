using Amazon.S3;
using Amazon.S3.Model;
using Assay.Ingest;

namespace Assay.Embedded.Setup;

/// <summary>A bucket's lifecycle rules, with Assay's among them.</summary>
internal static class Expiry
{
    /// <summary>Makes the rule of a source what its settings say. Returns false when it is so already. Other rules stay.</summary>
    public static bool Apply(List<LifecycleRule> rules, LandingSource source)
    {
        var id = $"assay-expire-{source.Name}";
        var existing = rules.Find(rule => rule.Id == id);
        if (source.ExpireDays == 0 ? existing is null : existing is not null && Says(existing, source))
            return false;
        rules.RemoveAll(rule => rule.Id == id);
        if (source.ExpireDays > 0)
        {
            rules.Add(new LifecycleRule
            {
                Id = id,
                Status = LifecycleRuleStatus.Enabled,
                Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = source.Prefix } },
                Expiration = new LifecycleRuleExpiration { Days = source.ExpireDays },
            });
        }
        return true;
    }

    // A rule that somebody has disabled is there and expires nothing.
    private static bool Says(LifecycleRule rule, LandingSource source) =>
        rule.Status == LifecycleRuleStatus.Enabled && rule.Expiration?.Days == source.ExpireDays && PrefixOf(rule) == source.Prefix;

    private static string PrefixOf(LifecycleRule rule) => (rule.Filter?.LifecycleFilterPredicate as LifecyclePrefixPredicate)?.Prefix ?? "";
}
