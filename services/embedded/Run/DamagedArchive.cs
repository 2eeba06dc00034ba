using Assay.Contracts;

namespace Assay.Embedded.Run;

/// <summary>An archive that could not be unpacked to its end is in bronze. Stays within this process.</summary>
/// <param name="ImageId">The id under which it was taken in.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Bronze">Its bytes.</param>
/// <param name="Damage">What is wrong with it, as a sentence without its end.</param>
public sealed record DamagedArchive(Guid ImageId, Origin Origin, ObjectReference Bronze, string Damage) : IImageEvent;
