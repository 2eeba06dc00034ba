namespace Assay.Platform.Hosting;

/// <summary>The program cannot start as it is configured. The message is one sentence that names the setting.</summary>
public sealed class SettingsException(string message, Exception? inner = null) : Exception(message, inner);
