using Amazon.Runtime;
using Amazon.S3;
using Assay.Platform.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Assay.Platform.Objects;

/// <summary>The object store's switch: the only place that knows which stores there are.</summary>
public static class ObjectsRegistration
{
    private const string AccessKey = "Objects:AccessKey";

    /// <summary>Registers <see cref="IObjectStore"/> for the configured kind.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">The store.</param>
    /// <param name="retries">
    /// How often a request is repeated that a server could not answer. Default 0, for stages: the bus retries, it waits longer, and the operator sees it.
    /// </param>
    public static IServiceCollection AddObjectStore(this IServiceCollection services, ObjectsOptions options, int retries = 0) => options.Kind switch
    {
        ObjectsKind.S3 => services
            .AddSingleton<IAmazonS3>(_ => Connect(options, retries))
            .AddSingleton<IObjectStore>(provider => new WatchedObjectStore(
                new S3ObjectStore(provider.GetRequiredService<IAmazonS3>(), TimeSpan.FromSeconds(options.TimeoutSeconds)), options)),
        ObjectsKind.Folder => services.AddSingleton<IObjectStore>(new WatchedObjectStore(new FolderObjectStore(options.Folder), options)),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "No such object store."),
    };

    private static AmazonS3Client Connect(ObjectsOptions options, int retries) => new(
        SecretFiles.IsGiven(AccessKey, options.AccessKey) ? new KeyOnFile(options) : new AnonymousAWSCredentials(),
        new AmazonS3Config
        {
            ServiceURL = options.Endpoint.ToString(),
            AuthenticationRegion = options.Region,
            // buckets as part of the path: a self-hosted server has one name only.
            ForcePathStyle = true,
            // Servers other than Amazon's do not know the newer checksums; SHA-256 is checked by whoever reads a layer.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            MaxErrorRetry = retries,
            HttpClientFactory = new PatientClients(TimeSpan.FromSeconds(options.TimeoutSeconds)),
        });

    // Asked for each request, so that a key can be rotated.
    private sealed class KeyOnFile(ObjectsOptions options) : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials()
        {
            var secrets = SecretFiles.Read();
            return new(secrets.Find(AccessKey, options.AccessKey), secrets.Find("Objects:SecretKey", options.SecretKey), token: null);
        }
    }

    private sealed class PatientClients(TimeSpan patience) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig)
        {
            var sockets = new SocketsHttpHandler
            {
                ConnectTimeout = TimeSpan.FromSeconds(5),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                // One that nothing comes through any more is found out by waiting for an answer: at most those in use have to be, and not one after the other all that lie ready.
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
                AllowAutoRedirect = false,
            };
            return new HttpClient(new ErrorMessageHandler(new PatienceHandler(patience, sockets))) { Timeout = Timeout.InfiniteTimeSpan };
        }
    }
}
