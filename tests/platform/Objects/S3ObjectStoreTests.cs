using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amazon.S3;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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

    // On the wire one is x-amz-meta-raw-name, the other x-amz-meta-x-amz-meta-raw-name.
    [Fact]
    public async Task Metadata_that_is_named_like_its_own_header_is_other_metadata()
    {
        await WriteAsync("a.jpg", [1], new Dictionary<string, string> { ["raw-name"] = "one", ["x-amz-meta-x-amz-meta-raw-name"] = "two" });
        (await FindAsync("a.jpg")).Metadata.ShouldBe(
            new Dictionary<string, string> { ["raw-name"] = "one", ["x-amz-meta-raw-name"] = "two" }, ignoreOrder: true);
    }
}

public sealed class S3ListingTests : ObjectListingSuite
{
    protected override IObjectStore Store { get; } = S3Client.Open();

    // Most clients and every browser would make other addresses of these: out of the bucket, too.
    [Theory]
    [InlineData("a//b.jpg")]
    [InlineData("../up.jpg")]
    [InlineData("x/../../y.jpg")]
    [InlineData("./dot.jpg")]
    [InlineData("..")]
    [InlineData("folder/")]
    public async Task Slashes_and_dots_mean_nothing_to_S3(string key)
    {
        await WriteAsync(key, [1, 2]);
        (await ReadAsync(key)).ShouldBe([1, 2]);
        (await ListAsync("")).ShouldBe([key]);
    }
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

    [Fact]
    public async Task A_list_whose_rest_does_not_come_is_given_up()
    {
        await using var server = await StartAsync(async context =>
        {
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync("<ListBucketResult><Name>bucket</Name>");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        var started = Stopwatch.GetTimestamp();
        Retries.IsServerAway(await Should.ThrowAsync<Exception>(() => Open(server, seconds: 1).ListAsync("bucket", "", Token).CountAsync(Token).AsTask())).ShouldBeTrue();
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Soon);
    }

    [Theory]
    [InlineData("<Error><Code>SlowDown</Code><Message></Message><RequestId>1</RequestId></Error>")]
    [InlineData("<Error><Code>SlowDown</Code><RequestId>1</RequestId></Error>")]
    [InlineData("<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>")]
    public async Task A_busy_server_is_one_that_is_away(string answer)
    {
        await using var server = await AnsweringAsync(503, "application/xml", answer);
        var failure = await Should.ThrowAsync<AmazonS3Exception>(() => WriteAsync(server));
        failure.ErrorCode.ShouldBe("SlowDown");
        Retries.IsServerAway(failure).ShouldBeTrue();
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
        Retries.IsServerAway(await Should.ThrowAsync<Exception>(() => store.PingAsync("bucket", Token))).ShouldBeTrue();
        Retries.IsServerAway(await Should.ThrowAsync<Exception>(() => store.FindAsync("bucket", "key", Token))).ShouldBeTrue();
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Soon);
    }

    private static Task<WebApplication> AnsweringAsync(int status, string mediaType, string answer) => StartAsync(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = mediaType;
        if (context.Request.Method != HttpMethods.Head)
            await context.Response.WriteAsync(answer);
    });

    private static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync(Token);
        return server;
    }

    private static IObjectStore Open(WebApplication server, int seconds = 10) =>
        S3Client.Open(new ObjectsOptions { Endpoint = new Uri(server.Urls.First()), AccessKey = "a", SecretKey = "b", TimeoutSeconds = seconds });

    private static Task WriteAsync(WebApplication server) =>
        Open(server).WriteAsync("bucket", "key", new MemoryStream([1]), 1, "text/plain", metadata: null, Token);
}
