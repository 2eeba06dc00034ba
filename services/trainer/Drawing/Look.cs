namespace Assay.Trainer.Drawing;

/// <summary>The colours and fonts that make the parts of one picture belong together.</summary>
/// <param name="Back">The background.</param>
/// <param name="Panel">The background of an area on it.</param>
/// <param name="Ink">Text and axes.</param>
/// <param name="Faint">Grid lines and borders.</param>
/// <param name="Font">The font family.</param>
/// <param name="Colours">What data and shapes are filled with.</param>
internal sealed record Look(string Back, string Panel, string Ink, string Faint, string Font, IReadOnlyList<string> Colours)
{
    public static readonly string[] Fonts =
    [
        "Liberation Sans", "DejaVu Sans", "Open Sans", "Roboto", "Lato", "Carlito", "Noto Sans", "Cantarell", "Nimbus Sans", "URW Gothic",
        "Liberation Serif", "DejaVu Serif", "EB Garamond", "Caladea", "Noto Serif", "Inconsolata",
    ];

    public static readonly string[] HandFonts = ["Humor Sans", "Comic Neue", "Dancing Script", "Z003"];

    // The colour cycles of common plotting and office programs, and a few muted ones.
    private static readonly string[][] Cycles =
    [
        ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2"],
        ["#4472c4", "#ed7d31", "#a5a5a5", "#ffc000", "#5b9bd5", "#70ad47"],
        ["#4c78a8", "#f58518", "#e45756", "#72b7b2", "#54a24b", "#eeca3b"],
        ["#3366cc", "#dc3912", "#ff9900", "#109618", "#990099", "#0099c6"],
        ["#f8766d", "#7cae00", "#00bfc4", "#c77cff"],
        ["#66c2a5", "#fc8d62", "#8da0cb", "#e78ac3", "#a6d854", "#ffd92f"],
        ["#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51"],
        ["#440154", "#3b528b", "#21908c", "#5dc963", "#fde725"],
        ["#333333", "#777777", "#aaaaaa", "#555555", "#cccccc"],
        ["#ff595e", "#ffca3a", "#8ac926", "#1982c4", "#6a4c93"],
        ["#e6194b", "#3cb44b", "#ffe119", "#4363d8", "#f58231", "#911eb4"],
    ];

    public string this[int index] => Colours[index % Colours.Count];

    /// <summary>Most often ink on white, sometimes tinted, sometimes dark.</summary>
    public static Look Of(Chance chance)
    {
        var font = chance.Odds(0.06) ? chance.Pick(HandFonts) : chance.Pick(Fonts);
        var colours = chance.Odds(0.75) ? chance.Pick(Cycles) : [.. Enumerable.Range(0, 6).Select(_ => Hue(chance))];
        colours = chance.Shuffle(colours);
        return chance.Count(0, 19) switch
        {
            < 11 => new("#ffffff", "#ffffff", chance.Pick(["#000000", "#222222", "#444444"]), chance.Pick(["#cccccc", "#e0e0e0", "#b0b0b0"]), font, colours),
            < 13 => new("#ffffff", chance.Pick(["#ebebeb", "#eaeaf2", "#f5f5f5"]), "#333333", "#ffffff", font, colours),
            < 16 => new(chance.Pick(["#fdf6e3", "#f0f4f8", "#f9f9f9", "#fff8ee", "#eef7ee", "#ffeef2", "#e8eefc"]), "#ffffff", "#222222", "#d0d0d0", font, colours),
            < 17 => new(Tint(chance), Tint(chance), "#222222", "#ffffff", font, colours),
            _ => new(chance.Pick(["#000000", "#111111", "#1e1e1e", "#222233", "#0d1117", "#2b2b2b", "#073642"]), chance.Pick(["#111111", "#1a1a2a", "#222222"]), "#eeeeee", "#555555", font, colours),
        };
    }

    /// <summary>Any clear colour.</summary>
    public static string Hue(Chance chance) => Hsl(chance.Range(0, 360), chance.Range(35, 95), chance.Range(30, 68));

    /// <summary>Any pale colour.</summary>
    public static string Tint(Chance chance) => Hsl(chance.Range(0, 360), chance.Range(20, 90), chance.Range(82, 96));

    /// <summary>Hue in degrees, saturation and lightness in per cent.</summary>
    public static string Hsl(double hue, double saturation, double lightness)
    {
        var (s, l) = (saturation / 100, Math.Clamp(lightness, 0, 100) / 100);
        int Channel(double n)
        {
            var k = (n + hue / 30) % 12;
            return (int)Math.Round(255 * (l - s * Math.Min(l, 1 - l) * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1))));
        }
        return $"#{Channel(0):x2}{Channel(8):x2}{Channel(4):x2}";
    }
}
