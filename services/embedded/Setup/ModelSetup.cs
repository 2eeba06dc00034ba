using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Assay.Embedded.Models;
using Assay.Platform.Objects;

namespace Assay.Embedded.Setup;

/// <summary>Sees to it that a model answers.</summary>
internal sealed class ModelSetup(IServiceProvider services, ObjectsOptions objects)
{
    /// <summary>Registers and activates the first model, or the one that a setting names.</summary>
    public async IAsyncEnumerable<string> MakeActiveAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var change in await ChangesAsync(cancellationToken))
            yield return $"models: {change}";
    }

    private async Task<IReadOnlyList<string>> ChangesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await FirstModel.MakeActiveAsync(services, "assay setup", cancellationToken);
        }
        catch (Exception exception) when (exception is AmazonServiceException or AmazonClientException or HttpRequestException or TimeoutException or IOException)
        {
            throw new SetupFailedException($"The object store {objects.Place} does not take a model: {exception.Message}", exception);
        }
    }
}
