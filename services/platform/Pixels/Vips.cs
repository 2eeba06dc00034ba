using NetVips;

namespace Assay.Platform.Pixels;

/// <summary>The settings of libvips that every process of Assay needs, made once. Call <see cref="Prepare"/> before the first use.</summary>
public static class Vips
{
    // Only these loaders may ever see a byte of ours; everything else in libvips' bundle is blocked.
    private static readonly string[] AllowedLoaders = ["Jpeg", "Png", "Webp", "Nsgif", "Tiff", "Heif"];

    private static readonly Lazy<bool> Prepared = new(() =>
    {
        // One image per core: a thread pool inside each image only adds switches. No cache: no image is seen twice.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in AllowedLoaders)
            Operation.Block("VipsForeignLoad" + loader, false);
        // What libvips warns about comes back as an exception where it matters; its own printing to stderr is noise.
        Log.SetLogHandler("VIPS", NetVips.Enums.LogLevelFlags.LevelMask, static (_, _, _) => { });
        // A header that claims a width of 0 makes GLib print as well.
        Log.SetLogHandler("GLib-GObject", NetVips.Enums.LogLevelFlags.LevelMask, static (_, _, _) => { });
        return true;
    });

    /// <summary>Makes the settings. Cheap from the second call on; safe from any thread.</summary>
    public static void Prepare() => _ = Prepared.Value;
}
