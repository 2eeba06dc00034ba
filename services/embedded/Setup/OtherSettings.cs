using Assay.Classify;
using Assay.Enrich;
using Assay.Platform.Hosting;
using Assay.Preprocess;
using Assay.Steward;

namespace Assay.Embedded.Setup;

/// <summary>The settings that setup has no use for, and that services would refuse.</summary>
internal static class OtherSettings
{
    /// <summary>Reads them as the services will: better now than when the first of them is started.</summary>
    /// <exception cref="SettingsException">One of them is wrong.</exception>
    public static void CheckOtherSettings(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<PreprocessOptions>();
        builder.AddSettings<EnrichOptions>();
        builder.AddSettings<ClassifyOptions>();
        builder.AddSettings<StewardOptions>();
    }
}
