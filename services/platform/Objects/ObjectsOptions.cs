using System.ComponentModel.DataAnnotations;
using System.Net;
using Amazon.Runtime;

namespace Assay.Platform.Objects;

/// <summary>Where objects are kept. Section <c>Objects</c>.</summary>
public sealed class ObjectsOptions : IValidatableObject
{
    /// <summary>The store: <c>S3</c> (default) or <c>Folder</c>.</summary>
    public ObjectsKind Kind { get; init; } = ObjectsKind.S3;

    /// <summary>The S3 server's address. Default <c>http://127.0.0.1:9000</c>; <c>https</c> for TLS.</summary>
    [Required]
    public Uri Endpoint { get; init; } = new("http://127.0.0.1:9000");

    /// <summary>The access key (user), which an S3 server needs. Set it and the secret key to nothing for a store that asks for none.</summary>
    public string? AccessKey { get; init; }

    /// <summary>The secret key (password). Better in a secret file than in the environment.</summary>
    public string? SecretKey { get; init; }

    /// <summary>The region to sign for. Default <c>us-east-1</c>, which every self-hosted server accepts.</summary>
    [Required]
    public string Region { get; init; } = "us-east-1";

    /// <summary>Seconds to wait for the first byte of an answer. Default 30.</summary>
    /// <value>seconds</value>
    [Range(1, 600)]
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>What the layers' bucket names begin with, e.g. <c>assay-</c>. Default empty: <c>bronze</c>, <c>silver</c>, <c>gold</c>, <c>quarantine</c>, <c>models</c>.</summary>
    [RegularExpression("^[a-z0-9][a-z0-9.-]{0,40}$", ErrorMessage = "{0} must be lower-case letters, digits, dots and hyphens, at most 41 of them.")]
    public string? BucketPrefix { get; init; }

    /// <summary>The folder of the <c>Folder</c> store. Default <c>assay-data</c>.</summary>
    [Required]
    public string Folder { get; init; } = "assay-data";

    /// <summary>The store as a person would name it: the server's address, or the folder.</summary>
    public string Place => Kind == ObjectsKind.S3 ? Endpoint.ToString() : Folder;

    /// <summary>The bucket of a layer.</summary>
    public string BucketOf(string layer) => BucketPrefix + layer;

    /// <summary>What to do about a refusal, as a sentence to add to it; nothing where the store says so itself.</summary>
    public static string HintAt(Exception exception) => exception is AmazonServiceException { StatusCode: HttpStatusCode.Forbidden }
        ? " Check ASSAY_OBJECTS__ACCESSKEY and ASSAY_OBJECTS__SECRETKEY, and what that key may do."
        : "";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Endpoint.IsAbsoluteUri || (Endpoint.Scheme != Uri.UriSchemeHttp && Endpoint.Scheme != Uri.UriSchemeHttps))
            yield return new ValidationResult($"'{Endpoint.OriginalString}' does not begin with http:// or https://, as in http://127.0.0.1:9000.", [nameof(Endpoint)]);
        if (Kind == ObjectsKind.S3 && (AccessKey is null || SecretKey is null || (AccessKey.Length == 0) != (SecretKey.Length == 0)))
        {
            yield return new ValidationResult(
                "ASSAY_OBJECTS__ACCESSKEY and ASSAY_OBJECTS__SECRETKEY are one key: give both, or set both to nothing for a store that asks for none.",
                [string.IsNullOrEmpty(AccessKey) ? nameof(AccessKey) : nameof(SecretKey)]);
        }
    }
}

/// <summary>The stores that there are.</summary>
public enum ObjectsKind
{
    /// <summary>An S3 server.</summary>
    S3,

    /// <summary>A folder of this machine, one process.</summary>
    Folder,
}
