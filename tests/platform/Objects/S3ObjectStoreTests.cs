using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minio.Exceptions;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform.Objects;

/// <summary>The S3 store as a service gets it.</summary>
internal static class S3Client
{
    public static IObjectStore Open()
    {
        var server = Servers.S3();
        return Open(new ObjectsOptions { Endpoint = server.Endpoint, AccessKey = server.AccessKey, SecretKey = server.SecretKey });
    }

    public static IObjectStore Open(ObjectsOptions options) =>
        new ServiceCollection().AddObjectStore(options).BuildServiceProvider().GetRequiredService<IObjectStore>();
}

public sealed class S3ObjectStoreTests : ObjectStoreSuite
{
    protected override IObjectStore Store { get; } = S3Client.Open();
}

public sealed class S3ListingTests : ObjectListingSuite
{
    protected override IObjectStore Store { get; } = S3Client.Open();

    // S3 allows 1,024 bytes; the client counts UTF-16 units and stops at 512.
    [Fact]
    public async Task A_key_that_is_too_long_for_the_client_is_refused_and_not_missing() =>
        await Should.ThrowAsync<InvalidObjectNameException>(() => Store.FindAsync(Bucket, LongKey('k'), Token));
}

/// <summary>An S3 server that is away, or answers oddly.</summary>
public sealed class S3FailureTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_refuses_connections_does_not_answer_a_ping()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await ShouldFailSoonAsync(port);
    }

    [Fact]
    public async Task A_server_that_says_nothing_does_not_answer_a_ping()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await ShouldFailSoonAsync(((IPEndPoint)listener.LocalEndpoint).Port);
    }

    [Theory]
    [InlineData("<Error><Code>SlowDown</Code><Message></Message><RequestId>1</RequestId></Error>")]
    [InlineData("<Error><Code>SlowDown</Code><RequestId>1</RequestId></Error>")]
    [InlineData("<Error><Code>SlowDown</Code><Message/><BucketName>b</BucketName></Error>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>SlowDown</Code><Message></Message></Error>")]
    public async Task An_error_without_a_text_is_told_by_its_code(string answer)
    {
        await using var server = await AnsweringAsync(503, "application/xml", answer);
        var failure = await Should.ThrowAsync<MinioException>(() => WriteAsync(server));
        failure.ToString().ShouldContain("SlowDown");
    }

    [Fact]
    public async Task An_error_with_a_text_keeps_it()
    {
        await using var server = await AnsweringAsync(503, "application/xml", "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>");
        (await Should.ThrowAsync<MinioException>(() => WriteAsync(server))).Message.ShouldContain("Reduce your request rate.");
    }

    [Theory]
    [InlineData("application/xml", "<html>Bad gateway")]
    [InlineData("application/xml", "")]
    [InlineData("application/xml", "<Other/>")]
    [InlineData("text/html", "<html>Bad gateway</html>")]
    public async Task An_error_that_is_none_of_S3_is_a_failure_and_no_missing_object(string mediaType, string answer)
    {
        await using var server = await AnsweringAsync(502, mediaType, answer);
        (await Should.ThrowAsync<Exception>(() => WriteAsync(server))).ShouldNotBeOfType<ObjectMissingException>();
        (await Should.ThrowAsync<Exception>(() => Open(server).FindAsync("bucket", "key", Token))).ShouldNotBeOfType<ObjectMissingException>();
    }

    private static async Task ShouldFailSoonAsync(int port)
    {
        var store = S3Client.Open(new ObjectsOptions { Endpoint = new Uri($"http://127.0.0.1:{port}"), AccessKey = "a", SecretKey = "b", TimeoutSeconds = 1 });
        var started = Stopwatch.GetTimestamp();
        Retries.IsServerAway(await Should.ThrowAsync<Exception>(() => store.PingAsync(Token))).ShouldBeTrue();
        Retries.IsServerAway(await Should.ThrowAsync<Exception>(() => store.FindAsync("bucket", "key", Token))).ShouldBeTrue();
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Soon);
    }

    private static async Task<WebApplication> AnsweringAsync(int status, string mediaType, string answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = mediaType;
            if (context.Request.Method != HttpMethods.Head)
                await context.Response.WriteAsync(answer);
        });
        await server.StartAsync(Token);
        return server;
    }

    private static IObjectStore Open(WebApplication server) =>
        S3Client.Open(new ObjectsOptions { Endpoint = new Uri(server.Urls.First()), AccessKey = "a", SecretKey = "b", TimeoutSeconds = 10 });

    private static Task WriteAsync(WebApplication server) =>
        Open(server).WriteAsync("bucket", "key", new MemoryStream([1]), 1, "text/plain", metadata: null, Token);
}
