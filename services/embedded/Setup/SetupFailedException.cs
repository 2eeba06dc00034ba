namespace Assay.Embedded.Setup;

/// <summary>A server is away or refuses. The message says which, and what it said; running setup again goes on.</summary>
internal sealed class SetupFailedException(string message, Exception? inner = null) : Exception(message, inner);
