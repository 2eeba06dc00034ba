using System.Globalization;

namespace Assay.Preprocess;

/// <summary>Everything that decides which silver image an original becomes.</summary>
/// <param name="MaxSide">The longest side in pixels.</param>
/// <param name="Quality">The JPEG quality.</param>
/// <param name="Background">What transparent pixels become: <c>rrggbb</c> in sRGB, lower case, without the <c>#</c>.</param>
public sealed record Recipe(int MaxSide, int Quality, string Background)
{
    /// <summary>Raised whenever the code (a step, a decoder's version) makes other pixels of the same settings.</summary>
    public const int CodeVersion = 2;

    /// <summary>For instance <c>2-512-q85-ffffff</c>: names the silver folder and stands in every fact, so that a changed recipe never reuses a key.</summary>
    public string Version => string.Create(CultureInfo.InvariantCulture, $"{CodeVersion}-{MaxSide}-q{Quality}-{Background}");

    /// <summary>The background's red, green and blue, 0 to 255.</summary>
    public double[] BackgroundRgb => [.. Convert.FromHexString(Background).Select(channel => (double)channel)];

    /// <summary>Reads a version: null where it is none, or one of other code.</summary>
    public static Recipe? Parse(string version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return version.Split('-') is [_, var side, ['q', .. var quality], var background]
            && int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) && int.TryParse(quality, NumberStyles.None, CultureInfo.InvariantCulture, out var percent)
            && new Recipe(pixels, percent, background) is var recipe && recipe.Version == version
                ? recipe
                : null;
    }

    /// <summary>The recipe that the options describe.</summary>
    public static Recipe From(PreprocessOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(options.MaxSide, options.Quality, options.Background.TrimStart('#').ToLowerInvariant());
    }
}
