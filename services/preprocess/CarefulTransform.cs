using Assay.Contracts;
using Assay.Platform.Isolation;
using Assay.Platform.Messaging;

namespace Assay.Preprocess;

/// <summary>The silver transform in this process as long as nothing speaks against the file, and in a process of its own from then on.</summary>
public sealed class CarefulTransform(SilverTransform transform, PreprocessOptions options, [FromKeyedServices(PreprocessStage.StageName)] ChildProcess alone, SuspectImages suspects)
{
    // The process itself, which is there beside this one.
    private const int ChildMebibytes = 64;

    /// <inheritdoc cref="SilverTransform.Recipe"/>
    public Recipe Recipe => transform.Recipe;

    /// <inheritdoc cref="SilverTransform.RequireSize"/>
    public void RequireSize(long bytes) => transform.RequireSize(bytes);

    /// <summary>Makes the silver image.</summary>
    /// <param name="imageId">The image.</param>
    /// <param name="wasTriedBefore">Whether somebody has begun with it and did not come to the end.</param>
    /// <param name="raw">The original.</param>
    /// <param name="ct">Stops it.</param>
    /// <exception cref="InvalidImageException">The file itself is at fault; also because of what it does to a process.</exception>
    public async Task<SilverImage> ApplyAsync(Guid imageId, bool wasTriedBefore, byte[] raw, CancellationToken ct)
    {
        if (!wasTriedBefore && !await suspects.HaveAsync(imageId, PreprocessStage.StageName, ct))
        {
            try
            {
                return await transform.ApplyInTurnAsync(raw, ct);
            }
            catch (InvalidImageException refusal) when (refusal.Reason == RejectionReason.DecodeTimeout)
            {
                // By the clock on the wall, which goes on while others have the processor. Alone, what it computes is counted.
            }
        }
        return await suspects.TryAsync(imageId, PreprocessStage.StageName, token => ApplyAloneAsync(raw, token), ct);
    }

    /// <summary>What the process of its own does: the program of this service, started as a child.</summary>
    public static Task<int> RunChildAsync() => ChildProgram.RunAsync<PreprocessOptions, SilverImage>(async (options, raw, waitForRoom) =>
    {
        using var transform = new SilverTransform(options);
        var silver = await transform.ApplyAsync(raw, async (mebibytes, _) =>
        {
            await waitForRoom(mebibytes);
            return null;
        }, CancellationToken.None);
        return (silver with { Jpeg = default }, silver.Jpeg);
    });

    private async Task<SilverImage> ApplyAloneAsync(byte[] raw, CancellationToken ct)
    {
        var (silver, jpeg) = await alone.RunAsync<PreprocessOptions, SilverImage>(
            options with { DecodeTimeout = Timeout.InfiniteTimeSpan }, raw, options.MaxDecodeMemory, options.DecodeTimeout,
            (mebibytes, token) => transform.WaitForRoomAsync(mebibytes + ChildMebibytes, token), ct);
        return silver with { Jpeg = jpeg };
    }
}
