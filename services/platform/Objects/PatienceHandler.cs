namespace Assay.Platform.Objects;

/// <summary>
/// Waits so long for an answer to begin, and no longer. What is sent before that gets time of its own, a second for each megabyte:
/// the timeout of <see cref="HttpClient"/> knows no difference between a large upload and a server that says nothing. An object's bytes are
/// watched by whoever reads them. A page of a list must be there within the same time as a whole: the client would wait for the rest of it for ever.
/// </summary>
/// <param name="patience">How long.</param>
/// <param name="inner">What sends.</param>
internal sealed class PatienceHandler(TimeSpan patience, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const double SlowestBytesPerSecond = 1 << 20;

    /// <summary>How long it may take to transfer so many bytes.</summary>
    public static TimeSpan For(TimeSpan patience, long bytes) => patience + TimeSpan.FromSeconds(bytes / SlowestBytesPerSecond);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var allowed = For(patience, request.Content?.Headers.ContentLength ?? 0);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(allowed);
        try
        {
            var response = await base.SendAsync(request, deadline.Token);
            if (IsList(request))
                await response.Content.LoadIntoBufferAsync(deadline.Token);
            return response;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{request.RequestUri?.Authority} has not answered within {allowed.TotalSeconds:0} seconds.", exception);
        }
    }

    private static bool IsList(HttpRequestMessage request) => request.RequestUri?.Query.Contains("list-type=", StringComparison.Ordinal) == true;
}
