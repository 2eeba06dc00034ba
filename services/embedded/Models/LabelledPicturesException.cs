namespace Assay.Embedded.Models;

/// <summary>Pictures with labels are asked for, and what was named does not give them.</summary>
internal sealed class LabelledPicturesException(string message) : Exception(message);
