namespace Assay.Embedded.Models;

/// <summary>There is nothing that a report could be about.</summary>
internal sealed class ModelReportException(string message) : Exception(message);
