using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Assay.Platform.Objects;
using Assay.Tests.Classify;
using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Ingest;

/// <summary>Uploads to the real ingest service with the other three services behind it.</summary>
public sealed class UploadTests(UploadTests.Services services) : IClassFixture<UploadTests.Services>, IAsyncLifetime
{
    private static readonly byte[] Red = Picture.Plain(640, 480, Classify.Picture.Red).Jpeg();

    private Deployment Deployment => services.Deployment;

    private HttpClient Http => services.Ingest.Http;

    // Not in the fixture: whoever asks for a server that is not there must be a test, or it fails instead of being skipped.
    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await services.StartAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_picture_as_the_body_is_accepted_once_it_has_landed_and_ends_classified()
    {
        using var body = new ByteArrayContent(Red);
        using var response = await PostAsync("?name=holiday%2Fbeach+1.jpg&userId=Zo%C3%AB&uploadedAt=2026-02-03T04%3A05%3A06%2B02%3A00", body);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var answer = await JsonAsync(response);
        var statusUrl = answer.GetProperty("statusUrl").GetString()!;
        response.Headers.Location!.ToString().ShouldBe(statusUrl);
        (await LandedAsync(statusUrl)).Bytes.ShouldBe(Red.Length);
        answer.GetProperty("name").GetString().ShouldBe("beach 1.jpg");
        answer.GetProperty("bytes").GetInt64().ShouldBe(Red.Length);
        answer.GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Red)));
        var id = answer.GetProperty("id").GetGuid();

        var seen = new List<string>();
        JsonElement status = default;
        await Eventually.HoldsAsync("it is classified", async () =>
        {
            status = await StatusAsync(statusUrl);
            seen.Add(status.GetProperty("status").GetString()!);
            return seen[^1] == "classified";
        }, details: Deployment.Logs);
        seen.Distinct().ShouldBeSubsetOf(["accepted", "in flight", "classified"]);
        status.GetProperty("id").GetGuid().ShouldBe(id);
        status.GetProperty("label").GetString().ShouldBe("first");
        status.GetProperty("confidence").GetDouble().ShouldBeGreaterThan(0.5);
        var row = (await Deployment.QueryAsync($"SELECT user_id, raw_name, uploaded_at, sha256 FROM images WHERE id = '{id}'")).ShouldHaveSingleItem();
        row.ShouldBe(["Zoë", "beach 1.jpg", new DateTime(2026, 2, 3, 2, 5, 6, DateTimeKind.Utc), Convert.ToHexStringLower(SHA256.HashData(Red))]);
    }

    [Fact]
    public async Task A_form_may_bring_several_files_that_belong_together()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Red), "files", "one.jpg" },
            { new StringContent("not a file"), "comment" },
            { new ByteArrayContent(Picture.Plain(20, 20, Classify.Picture.Green).Jpeg()), "files", "Füße & 社.jpg" },
            { new ByteArrayContent("Just text."u8.ToArray()), "files", "../../etc/notes.txt" },
        };
        using var response = await PostAsync("?userId=forms", form);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var images = (await JsonAsync(response)).GetProperty("images").EnumerateArray().ToList();
        images.Select(image => image.GetProperty("name").GetString()).ShouldBe(["one.jpg", "Füße & 社.jpg", "notes.txt"]);
        foreach (var image in images)
            await LandedAsync(image.GetProperty("statusUrl").GetString()!);

        var ends = new List<string?>();
        foreach (var image in images)
        {
            JsonElement status = default;
            await Eventually.HoldsAsync("it has ended", async () =>
            {
                status = await StatusAsync(image.GetProperty("statusUrl").GetString()!);
                return status.GetProperty("status").GetString() is "classified" or "rejected";
            }, details: Deployment.Logs);
            ends.Add(status.GetProperty("label").GetString() ?? status.GetProperty("reason").GetString());
        }
        ends.ShouldBe(["first", "second", "not-an-image"]);
        var rows = await Deployment.QueryAsync("SELECT batch, raw_name FROM images WHERE user_id = 'forms'");
        rows.Count.ShouldBe(3);
        rows.Select(row => row[0]).Distinct().ShouldHaveSingleItem().ShouldNotBeNull();
    }

    [Theory]
    [InlineData("sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:")]
    [InlineData("sha-256=:AAAA:")]
    [InlineData("md5=:AAAA:")]
    [InlineData("nonsense")]
    public async Task A_wrong_digest_is_refused_and_nothing_lands(string digest)
    {
        var before = await CountLandedAsync();
        using var body = new ByteArrayContent(Red);
        body.Headers.Add("Content-Digest", digest);
        using var response = await PostAsync("", body);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await JsonAsync(response)).GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        (await CountLandedAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_right_digest_is_accepted_for_a_body_and_for_each_file_of_a_form()
    {
        var digest = $"sha-512=:AAAA:, sha-256=:{Convert.ToBase64String(SHA256.HashData(Red))}:";
        using var body = new ByteArrayContent(Red);
        body.Headers.Add("Content-Digest", digest);
        using var response = await PostAsync("", body);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);

        using var right = new ByteArrayContent(Red);
        right.Headers.Add("Content-Digest", digest);
        using var wrong = new ByteArrayContent([1, 2, 3]);
        wrong.Headers.Add("Content-Digest", digest);
        using var form = new MultipartFormDataContent { { right, "f", "right.jpg" }, { wrong, "f", "wrong.jpg" } };
        using var refused = await PostAsync("", form);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await JsonAsync(refused)).GetProperty("detail").GetString().ShouldStartWith("wrong.jpg: ");
    }

    [Fact]
    public async Task A_form_without_files_and_a_damaged_form_are_refused()
    {
        using var form = new MultipartFormDataContent { { new StringContent("x"), "comment" } };
        using var empty = await PostAsync("", form);
        empty.StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        using var body = new ByteArrayContent("--b\r\nContent-Disposition: form-data; name=f; filename=a.jpg\r\n\r\nno end"u8.ToArray());
        body.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        using var damaged = await PostAsync("", body);
        damaged.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_upload_without_a_name_or_bytes_is_accepted_and_rejected_as_empty()
    {
        using var body = new ByteArrayContent([]);
        using var response = await PostAsync("?name=&userId=", body);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var answer = await JsonAsync(response);
        JsonElement status = default;
        await Eventually.HoldsAsync("it is rejected", async () =>
        {
            status = await StatusAsync(answer.GetProperty("statusUrl").GetString()!);
            return status.GetProperty("status").GetString() == "rejected";
        }, details: Deployment.Logs);
        status.GetProperty("reason").GetString().ShouldBe("empty");
        (await Deployment.QueryAsync($"SELECT user_id, raw_name FROM images WHERE id = '{answer.GetProperty("id").GetGuid()}'"))
            .ShouldHaveSingleItem().ShouldBe([null, "upload"]);
    }

    [Fact]
    public async Task A_name_and_a_user_that_are_too_long_to_be_kept_are_cut_and_the_upload_ends()
    {
        // What repeats itself is compressed, and fits.
        var name = string.Concat(Enumerable.Range(0, 55).Select(i => Convert.ToHexStringLower(SHA256.HashData([(byte)i]))));
        using var body = new ByteArrayContent(Red);
        using var response = await PostAsync($"?name={name}&userId={name[..3000]}", body);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var answer = await JsonAsync(response);
        name.ShouldStartWith(answer.GetProperty("name").GetString()!);
        await Eventually.HoldsAsync(
            "it is classified",
            async () => (await StatusAsync(answer.GetProperty("statusUrl").GetString()!)).GetProperty("status").GetString() == "classified",
            details: Deployment.Logs);
        var row = (await Deployment.QueryAsync($"SELECT raw_name, user_id FROM images WHERE id = '{answer.GetProperty("id").GetGuid()}'")).ShouldHaveSingleItem();
        row.ShouldBe([name[..1024], name[..384]]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?landed=")]
    [InlineData("?landed=uploads/none")]
    [InlineData("?landed=../../bronze/none")]
    public async Task An_unknown_image_is_not_found(string query)
    {
        using var response = await Http.GetAsync(new Uri($"/v1/images/{Guid.NewGuid()}{query}", UriKind.Relative), TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<HttpResponseMessage> PostAsync(string query, HttpContent body) => Http.PostAsync(new Uri("/v1/images" + query, UriKind.Relative), body);

    private async Task<JsonElement> StatusAsync(string url)
    {
        using var response = await Http.GetAsync(new Uri(url, UriKind.Relative));
        response.StatusCode.ShouldBe(HttpStatusCode.OK, Deployment.Logs());
        return await JsonAsync(response);
    }

    private async Task<StoredObject> LandedAsync(string statusUrl) => (await Deployment.FindLandedAsync(statusUrl)).ShouldNotBeNull();

    private async Task<int> CountLandedAsync() => await Deployment.Objects.ListAsync(Deployment.Landing, "", CancellationToken.None).CountAsync();

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Clone();

    /// <summary>A deployment with all services, which the tests of this class share.</summary>
    public sealed class Services : IAsyncDisposable
    {
        private Task? started;

        internal Deployment Deployment { get; private set; } = null!;

        internal ServiceProcess Ingest { get; private set; } = null!;

        internal Task StartAsync() => started ??= StartOnceAsync();

        private async Task StartOnceAsync()
        {
            Deployment = await Deployment.NewAsync();
            // On a busy machine a hint may come too late, which is allowed: the scan finds the upload then.
            Deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "*/10 * * * * *";
            await Deployment.SetupAsync();
            Ingest = (await Deployment.StartAllAsync())[0];
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            if (Deployment is not null)
                await Deployment.DisposeAsync();
        }
    }
}
