namespace Assay.Contracts;

/// <summary>Which model answered.</summary>
/// <param name="Name">The package's name.</param>
/// <param name="Version">The package's version.</param>
/// <param name="Sha256">Lower-case hex SHA-256 of <c>model.onnx</c>.</param>
public sealed record ModelIdentity(string Name, string Version, string Sha256);
