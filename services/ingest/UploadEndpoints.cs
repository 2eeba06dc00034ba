using System.Diagnostics.CodeAnalysis;
using Assay.Platform.Catalog;
using Assay.Platform.Hosting;
using Assay.Platform.Objects;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace Assay.Ingest;

/// <summary>
/// <c>POST /v1/images</c>: one image as the body, or several as <c>multipart/form-data</c>. <c>GET /v1/images/{id}</c>: what became of it.
/// </summary>
internal static class UploadEndpoints
{
    private const int MaxFilesPerRequest = 1000;

    public static void MapUploads(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/v1/images", UploadAsync).DisableRequestTimeout();
        endpoints.MapGet("/v1/images/{id:guid}", StatusAsync).WithName(nameof(StatusAsync));
    }

    private static async Task<IResult> UploadAsync(HttpContext http, UploadReceiver receiver, LinkGenerator links)
    {
        // Each file has a limit of its own, which the receiver counts.
        http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
        try
        {
            var accepted = IsMultipart(http.Request, out var boundary)
                ? await ReceiveAllAsync(http, receiver, boundary)
                : [await receiver.ReceiveAsync(http.Request.Body, Describe(http.Request, http.Request.Query["name"]), http.RequestAborted)];
            var answers = accepted.Select(upload => new
            {
                id = upload.ImageId,
                name = upload.Name,
                bytes = upload.Bytes,
                sha256 = upload.Sha256,
                statusUrl = links.GetPathByName(http, nameof(StatusAsync), new { id = upload.ImageId, landed = upload.Key }),
            }).ToList();
            return boundary is null ? Results.Accepted(answers[0].statusUrl, answers[0]) : Results.Accepted(uri: null, new { images = answers });
        }
        catch (UploadRefusedException refusal)
        {
            var isUnavailable = refusal.Status == StatusCodes.Status503ServiceUnavailable;
            Meters.CountUpload(isUnavailable ? Meters.Unavailable : Meters.Refused);
            if (isUnavailable)
                http.Response.Headers.RetryAfter = "5";
            return Results.Problem(refusal.Message, statusCode: refusal.Status);
        }
    }

    private static async Task<List<AcceptedUpload>> ReceiveAllAsync(HttpContext http, UploadReceiver receiver, string boundary)
    {
        var accepted = new List<AcceptedUpload>();
        var reader = new MultipartReader(boundary, http.Request.Body) { BodyLengthLimit = null };
        var batch = Guid.CreateVersion7().ToString();
        try
        {
            while (await reader.ReadNextSectionAsync(http.RequestAborted) is { } section)
            {
                if (section.AsFileSection() is not { } file)
                    continue;
                if (accepted.Count == MaxFilesPerRequest)
                    throw new UploadRefusedException(StatusCodes.Status413PayloadTooLarge, $"More than {MaxFilesPerRequest} files in one request; those before were accepted.");
                var description = Describe(http.Request, file.FileName) with { Batch = batch, ContentType = section.ContentType };
                if (section.Headers?.TryGetValue("Content-Digest", out var digest) == true)
                    description = description with { ContentDigest = digest };
                accepted.Add(await receiver.ReceiveAsync(section.Body, description, http.RequestAborted));
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException || (exception is IOException && !http.RequestAborted.IsCancellationRequested))
        {
            throw new UploadRefusedException(StatusCodes.Status400BadRequest, $"The multipart body is damaged: {exception.Message}");
        }
        return accepted.Count > 0 ? accepted : throw new UploadRefusedException(StatusCodes.Status400BadRequest, "The multipart body has no file.");
    }

    private static UploadDescription Describe(HttpRequest request, string? name) => new(
        LandingZone.FitName(string.IsNullOrWhiteSpace(name) ? "upload" : Path.GetFileName(name.Replace('\\', '/'))),
        LandingZone.FitWord(request.Query["userId"]),
        LandingZone.FitWord(request.Query["uploadedAt"]),
        request.Headers["Content-Digest"],
        request.ContentType,
        Batch: null);

    private static bool IsMultipart(HttpRequest request, [NotNullWhen(true)] out string? boundary)
    {
        boundary = null;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return false;
        boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        return !string.IsNullOrEmpty(boundary);
    }

    private static async Task<Results<Ok<UploadStatus>, NotFound<string>>> StatusAsync(
        Guid id, string? landed, CatalogContext catalog, IObjectStore objects, LandingZone landing, CancellationToken cancellationToken)
    {
        if (await catalog.ImageStatus.AsNoTracking().FirstOrDefaultAsync(image => image.ImageId == id, cancellationToken) is { } image)
            return TypedResults.Ok(new UploadStatus(id, image.Status, image.Stage, image.Label, image.Confidence, image.Accepted, image.Reason, image.Detail));
        // Accepted and not yet in the catalog: the landing object itself is the proof.
        var source = landing.UploadSource;
        if (landed is not null && LandingZone.CanAddress(landed) && await objects.FindAsync(source.Bucket, landed, cancellationToken) is { } waiting
            && ImageIdentity.Of(source.Name, landed, waiting.Version, waiting.LastModified) == id)
        {
            return TypedResults.Ok(new UploadStatus(id, "accepted", "ingest", null, null, null, null, null));
        }
        return TypedResults.NotFound($"There is no image {id}.");
    }

    private sealed record UploadStatus(
        Guid Id, string Status, string Stage, string? Label, double? Confidence, bool? Accepted, string? Reason, string? Detail);
}
