using Microsoft.Extensions.DependencyInjection;
using Minio;

namespace Assay.Platform.Objects;

/// <summary>The object store's switch: the only place that knows which stores there are.</summary>
public static class ObjectsRegistration
{
    /// <summary>Registers <see cref="IObjectStore"/> for the configured kind.</summary>
    public static IServiceCollection AddObjectStore(this IServiceCollection services, ObjectsOptions options) => options.Kind switch
    {
        ObjectsKind.S3 => services.AddSingleton(_ => Connect(options)).AddSingleton<IObjectStore, S3ObjectStore>(),
        ObjectsKind.Folder => services.AddSingleton<IObjectStore>(new FolderObjectStore(options.Folder)),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "No such object store."),
    };

    private static IMinioClient Connect(ObjectsOptions options)
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        var http = new HttpClient(new ErrorMessageHandler(new PatienceHandler(TimeSpan.FromSeconds(options.TimeoutSeconds), handler)));
        return new MinioClient()
            .WithEndpoint(options.Endpoint.Authority)
            .WithSSL(options.Endpoint.Scheme == Uri.UriSchemeHttps)
            .WithCredentials(options.AccessKey, options.SecretKey)
            .WithRegion(options.Region)
            .WithHttpClient(http, disposeHttpClient: true)
            .Build();
    }
}
