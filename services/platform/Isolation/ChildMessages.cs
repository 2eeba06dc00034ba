namespace Assay.Platform.Isolation;

/// <summary>What a child is to do, before the file itself.</summary>
/// <param name="Memory">How much memory it may take on top of itself and the file, in MiB.</param>
/// <param name="CpuTime">How long it may compute.</param>
/// <param name="Work">What the stage wants to be done.</param>
internal sealed record ChildTask<T>(int Memory, TimeSpan CpuTime, T Work);

/// <summary>What a child says: exactly one of the five. With a result come bytes in a frame of their own.</summary>
/// <param name="Needs">It needs so much memory, in MiB, and waits until it is told to go on.</param>
/// <param name="Result">It has done its work.</param>
/// <param name="Refusal">The file is at fault, in an orderly way.</param>
/// <param name="Death">It cannot go on: there is not enough memory for the file.</param>
/// <param name="Error">Something else went wrong: a bug.</param>
internal sealed record ChildReply<T>(int? Needs = null, T? Result = null, ChildRefusal? Refusal = null, string? Death = null, string? Error = null) where T : class;

/// <summary>As <see cref="Messaging.InvalidImageException"/>.</summary>
internal sealed record ChildRefusal(string Reason, string Detail);
