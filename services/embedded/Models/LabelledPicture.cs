using Assay.Classify;
using Assay.Platform.Catalog.Facts;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;

namespace Assay.Embedded.Models;

/// <summary>A picture whose label is known.</summary>
/// <param name="Name">What it is called: a file's path, or an image's id.</param>
/// <param name="Label">What it shows.</param>
/// <param name="OpenAsync">Reads the picture: a JPEG of at most 512 pixels a side.</param>
/// <param name="Gold">Its gold image; null for a file that was not taken in.</param>
internal sealed record LabelledPicture(string Name, string Label, Func<CancellationToken, Task<byte[]>> OpenAsync, EnrichedFact? Gold = null)
{
    /// <summary>What is said of a gold image that is gone or damaged.</summary>
    public static string NotIntact(string imageId) => $"Image {imageId} is left out: its gold image is not intact ('assay verify --repair' mends it).";

    /// <summary>Reads it and makes something of it. What cannot be used is said and left out: null.</summary>
    public async Task<T?> UseAsync<T>(Func<byte[], T> use, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return use(await OpenAsync(cancellationToken));
        }
        catch (InvalidImageException refusal) when (Gold is null)
        {
            Terminal.WriteError($"{Name} is left out: {refusal.Detail}");
        }
        catch (Exception exception) when (Gold is null && (exception is IOException or UnauthorizedAccessException))
        {
            Terminal.WriteError($"{Name} is left out: {exception.Message}");
        }
        catch (ModelAnswerException fault)
        {
            Terminal.WriteError($"{Name} is left out: {fault.Message}");
        }
        catch (Exception exception) when (exception is ObjectMissingException or InvalidDataException or InvalidImageException)
        {
            Terminal.WriteError(NotIntact(Name));
        }
        return null;
    }
}
