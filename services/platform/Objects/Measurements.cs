using System.Text.Json.Serialization;

namespace Assay.Platform.Objects;

/// <summary>What was measured on the silver image. Formulas and sources: docs/quality.md.</summary>
/// <param name="Sharpness">Variance of the Laplacian of the luma; 0 is a uniform area, a crisp photograph has hundreds or thousands.</param>
/// <param name="Brightness">Mean luma, 0 (black) to 1 (white).</param>
/// <param name="Contrast">Standard deviation of the luma (RMS contrast), 0 to 0.5.</param>
/// <param name="Entropy">Shannon entropy of the luma histogram, 0 to 8 bits.</param>
/// <param name="Uniformity">Share of pixels whose luma is close to the most frequent one, 0 to 1.</param>
/// <param name="PerceptualHash">64-bit perceptual hash: pictures that look alike differ in few bits.</param>
public sealed record Measurements(
    double Sharpness,
    double Brightness,
    double Contrast,
    double Entropy,
    double Uniformity,
    [property: JsonConverter(typeof(HexJsonConverter))] ulong PerceptualHash);
