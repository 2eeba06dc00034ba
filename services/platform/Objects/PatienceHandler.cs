namespace Assay.Platform.Objects;

/// <summary>
/// Waits so long for an answer to begin and no longer. The timeout of the <see cref="HttpClient"/> itself does not help:
/// the Minio client sets it to half an hour.
/// </summary>
/// <param name="patience">How long.</param>
/// <param name="inner">What sends.</param>
internal sealed class PatienceHandler(TimeSpan patience, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        try
        {
            return await base.SendAsync(request, deadline.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{request.RequestUri?.Authority} has not answered within {patience.TotalSeconds:0} seconds.", exception);
        }
    }
}
