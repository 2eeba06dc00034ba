using System.Net.Mime;
using System.Xml;
using System.Xml.Linq;

namespace Assay.Platform.Objects;

/// <summary>
/// Gives an S3 error that has only a code a message, too: Ceph sends such errors, and an exception without a message tells an operator nothing.
/// </summary>
internal sealed class ErrorMessageHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // An error is a few hundred bytes; anything larger is not one.
    private const int MaxErrorBytes = 64 * 1024;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == MediaTypeNames.Application.Xml)
        {
            await response.Content.LoadIntoBufferAsync(MaxErrorBytes, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (Complete(text, request) is { } completed)
                response.Content = new StringContent(completed, encoding: null, MediaTypeNames.Application.Xml);
        }
        return response;
    }

    private static string? Complete(string text, HttpRequestMessage request)
    {
        try
        {
            var error = XDocument.Parse(text).Root;
            if (error?.Element("Code") is not { } code || error.Element("Message") is { Value.Length: > 0 })
                return null;
            error.SetElementValue("Message", $"{code.Value} ({request.Method} {request.RequestUri?.AbsolutePath})");
            return error.ToString(SaveOptions.DisableFormatting);
        }
        catch (XmlException)
        {
            // Not an S3 error: the client says so better.
            return null;
        }
    }
}
