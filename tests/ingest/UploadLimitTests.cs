using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Ingest;

/// <summary>Uploads that are too large, and uploads while a server is away: the real ingest service, alone.</summary>
public sealed class UploadLimitTests
{
    private static readonly byte[] Bytes = [1, 2, 3, 4, 5];

    [Fact]
    public async Task An_upload_over_the_limit_is_too_large_whether_or_not_it_says_so_beforehand()
    {
        await using var deployment = await NewAsync();
        var ingest = await deployment.StartAsync("Assay.Ingest", ("ASSAY_INGEST__MAXUPLOADBYTES", "1000"));
        using var large = new ByteArrayContent(new byte[1001]);
        using var chunked = new StreamContent(new Counted(1001));
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[1001]), "f", "large.jpg" } };
        foreach (var body in new HttpContent[] { large, chunked, form })
        {
            using var response = await PostAsync(ingest, body);
            response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        }
        (await deployment.Objects.ListAsync(deployment.Landing, "", CancellationToken.None).CountAsync(TestContext.Current.CancellationToken)).ShouldBe(0);

        using var just = new ByteArrayContent(new byte[1000]);
        using var accepted = await PostAsync(ingest, just);
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task An_upload_in_chunks_goes_through_a_service_whose_heap_could_not_hold_it()
    {
        const int size = 95 << 20;
        await using var deployment = await NewAsync();
        // 112 MiB, most of which the S3 client takes: it holds a part of 16 MiB several times over. The upload would not fit beside that.
        var ingest = await deployment.StartAsync(
            "Assay.Ingest", ("DOTNET_GCHeapHardLimit", "0x7000000"), ("ASSAY_INGEST__UPLOADPATIENCE", "00:01:00"));
        using var body = new StreamContent(new Counted(size));
        using var response = await PostAsync(ingest, body);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, ingest.ToString());
        var landed = (await deployment.FindLandedAsync(response.Headers.Location!.ToString())).ShouldNotBeNull();
        landed.Bytes.ShouldBe(size);

        // And on to bronze, through the same heap.
        await Eventually.HoldsAsync("it is in the catalog", async () => await deployment.CountAsync("COUNT(*) FROM images") == 1, details: deployment.Logs);
        var row = (await deployment.QueryAsync("SELECT sha256, bronze_bucket, bronze_key FROM images"))[0];
        row[0].ShouldBe(Convert.ToHexStringLower(await SHA256.HashDataAsync(new Counted(size), TestContext.Current.CancellationToken)));
        (await deployment.Objects.FindAsync((string)row[1]!, (string)row[2]!, CancellationToken.None)).ShouldNotBeNull().Bytes.ShouldBe(size);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_the_object_store_the_answer_is_try_again_within_five_seconds(bool silent)
    {
        await using var deployment = await NewAsync();
        using var hole = new TcpListener(IPAddress.Loopback, 0);
        hole.Start();
        var port = ((IPEndPoint)hole.LocalEndpoint).Port;
        // Silent: connections are made and never answered. Else they are refused.
        if (!silent)
            hole.Stop();
        var ingest = await deployment.StartAsync("Assay.Ingest", ("ASSAY_OBJECTS__ENDPOINT", $"http://127.0.0.1:{port}"));
        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var body = new ByteArrayContent(Bytes);
            var started = Stopwatch.GetTimestamp();
            using var response = await PostAsync(ingest, body);
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(5));
            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, ingest.ToString());
            response.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldBe(TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task Without_room_for_files_that_are_not_whole_yet_the_answer_is_try_again_and_the_uploader_is_not_blamed()
    {
        await using var deployment = await NewAsync();
        var ingest = await deployment.StartAsync("Assay.Ingest", ("TMPDIR", Path.Combine(Path.GetTempPath(), Servers.NewName())));
        using var one = new ByteArrayContent(Bytes);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Bytes), "f", "small.jpg" } };
        foreach (var body in new HttpContent[] { one, form })
        {
            using var response = await PostAsync(ingest, body);
            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, ingest.ToString());
            response.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldBe(TimeSpan.FromSeconds(5));
        }
        ingest.ToString().ShouldContain("Make room there");
        var metrics = await ingest.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        metrics.Split('\n').ShouldContain(line => line.StartsWith("assay_uploads_total", StringComparison.Ordinal) && line.Contains("outcome=\"unavailable\"", StringComparison.Ordinal) && line.Contains("} 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Uploads_that_have_not_landed_yet_take_no_more_room_than_there_is_for_them_and_free_it()
    {
        const int largest = 1 << 20, half = largest / 2;
        await using var deployment = await NewAsync();
        var ingest = await deployment.StartAsync("Assay.Ingest", ("ASSAY_INGEST__MAXUPLOADBYTES", $"{largest}"), ("ASSAY_INGEST__UPLOADROOM", "1"));
        // Whichever has come further when there is no room for both is the one that is taken.
        await Eventually.HoldsAsync("a slow one leaves no room for another", async () =>
        {
            var pipe = new Pipe();
            using var slow = new StreamContent(pipe.Reader.AsStream());
            var waiting = PostAsync(ingest, slow);
            await pipe.Writer.WriteAsync(new byte[largest * 3 / 4], TestContext.Current.CancellationToken);
            var second = await TryAsync();
            await pipe.Writer.CompleteAsync();
            using var first = await waiting;
            return (first.StatusCode, second) == (HttpStatusCode.Accepted, HttpStatusCode.ServiceUnavailable);
        }, details: deployment.Logs);
        (await TryAsync()).ShouldBe(HttpStatusCode.Accepted, ingest.ToString());

        async Task<HttpStatusCode> TryAsync()
        {
            using var body = new ByteArrayContent(new byte[half]);
            using var response = await PostAsync(ingest, body);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_the_broker_an_upload_is_accepted_and_stays_so_until_the_scan_finds_it(bool silent)
    {
        await using var deployment = await NewAsync();
        using var hole = new TcpListener(IPAddress.Loopback, 0);
        hole.Start();
        var port = ((IPEndPoint)hole.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        if (!silent)
            hole.Stop();
        var ingest = await deployment.StartAsync("Assay.Ingest", ("ASSAY_BUS__PORT", port));
        using var body = new ByteArrayContent(Bytes);
        var started = Stopwatch.GetTimestamp();
        using var response = await PostAsync(ingest, body);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted, ingest.ToString());
        var statusUrl = response.Headers.Location!;
        (await deployment.FindLandedAsync(statusUrl.ToString())).ShouldNotBeNull().Bytes.ShouldBe(Bytes.Length);
        (await StatusAsync(ingest, statusUrl)).ShouldBe("accepted");

        var second = await deployment.StartAsync("Assay.Ingest", ("ASSAY_INGEST__SOURCES__0__SCAN", "* * * * * *"));
        await Eventually.HoldsAsync("the scan has found it", async () => await StatusAsync(second, statusUrl) == "in flight", details: deployment.Logs);
        (await deployment.CountAsync("COUNT(*) FROM images")).ShouldBe(1);
    }

    [Fact]
    public async Task An_upload_is_taken_in_without_a_notification_or_a_scan()
    {
        await using var deployment = await NewAsync();
        var ingest = await deployment.StartAsync("Assay.Ingest");
        // A single hint may be given up: the uploader does not wait for a slow broker.
        await Eventually.HoldsAsync("a hint was enough", async () =>
        {
            using var body = new ByteArrayContent(Bytes);
            using var response = await PostAsync(ingest, body);
            response.StatusCode.ShouldBe(HttpStatusCode.Accepted, ingest.ToString());
            return await deployment.CountAsync("COUNT(*) FROM images") > 0;
        }, details: deployment.Logs);
    }

    private static async Task<Deployment> NewAsync()
    {
        var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "";
        await deployment.SetupAsync();
        return deployment;
    }

    private static Task<HttpResponseMessage> PostAsync(ServiceProcess ingest, HttpContent body) => ingest.Http.PostAsync(new Uri("/v1/images", UriKind.Relative), body);

    private static async Task<string?> StatusAsync(ServiceProcess ingest, Uri url)
    {
        using var status = JsonDocument.Parse(await ingest.Http.GetStringAsync(url));
        return status.RootElement.GetProperty("status").GetString();
    }

    /// <summary>So many bytes, made as they are read, of a length that nobody can ask for.</summary>
    private sealed class Counted(long left) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(left, count);
            // Content that depends on nothing but its place.
            for (var i = 0; i < read; i++)
                buffer[offset + i] = (byte)((left - i) * 2654435761L >> 16);
            left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
