using Assay.Platform.Objects;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform.Objects;

/// <summary>What every object store promises of one object. Written against the interface; one subclass for each store.</summary>
public abstract class ObjectStoreSuite : StoreTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(Large)]
    public async Task What_is_written_is_read_again(int count)
    {
        var bytes = Bytes(count);
        await WriteAsync("some/key.bin", bytes);

        (await ReadAsync("some/key.bin")).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        var found = await FindAsync("some/key.bin");
        found.Bucket.ShouldBe(Bucket);
        found.Key.ShouldBe("some/key.bin");
        found.Bytes.ShouldBe(count);
        found.Version.ShouldNotBeEmpty();
        found.Metadata.ShouldBeEmpty();
        found.LastModified.Kind.ShouldBe(DateTimeKind.Utc);
        found.LastModified.ShouldBe(DateTime.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task The_stream_is_read_from_where_it_stands()
    {
        using var content = new MemoryStream([1, 2, 3, 4, 5]);
        content.Position = 2;
        await Store.WriteAsync(Bucket, "key", content, 3, "application/octet-stream", metadata: null, Token);
        (await ReadAsync("key")).ShouldBe([3, 4, 5]);
    }

    [Fact]
    public async Task Reading_the_beginning_only_is_enough()
    {
        var bytes = Bytes(Large);
        await WriteAsync("key", bytes);
        var beginning = await Store.ReadAsync(Bucket, "key", version: null, async (stream, token) =>
        {
            var buffer = new byte[16];
            await stream.ReadExactlyAsync(buffer, token);
            return buffer;
        }, Token);
        beginning.ShouldBe(bytes[..16]);
    }

    [Fact]
    public async Task An_object_is_replaced_as_a_whole()
    {
        await WriteAsync("key", Bytes(5000, seed: 1), new Dictionary<string, string> { ["old"] = "1", ["both"] = "1" });
        await WriteAsync("key", Bytes(300, seed: 2), new Dictionary<string, string> { ["new"] = "2", ["both"] = "2" });

        (await ReadAsync("key")).ShouldBe(Bytes(300, seed: 2));
        (await FindAsync("key")).Metadata.ShouldBe(new Dictionary<string, string> { ["new"] = "2", ["both"] = "2" }, ignoreOrder: true);

        await WriteAsync("key", Bytes(10, seed: 3));
        (await FindAsync("key")).Metadata.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_has_opened_the_old_object_reads_it_to_its_end()
    {
        var old = Bytes(Large, seed: 1);
        await WriteAsync("key", old);
        var read = await Store.ReadAsync(Bucket, "key", version: null, async (stream, token) =>
        {
            var beginning = new byte[1];
            await stream.ReadExactlyAsync(beginning, token);
            await WriteAsync("key", Bytes(Large, seed: 2));
            return (byte[])[.. beginning, .. await ReadToEndAsync(stream, token)];
        }, Token);
        read.AsSpan().SequenceEqual(old).ShouldBeTrue();
        (await ReadAsync("key")).AsSpan().SequenceEqual(Bytes(Large, seed: 2)).ShouldBeTrue();
    }

    [Fact]
    public async Task Readers_of_an_object_that_is_replaced_see_one_or_the_other()
    {
        byte[][] contents = [Bytes(200_000, seed: 1), Bytes(150_000, seed: 2)];
        await WriteAsync("key", contents[0]);
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= 20; i++)
                await WriteAsync("key", contents[i % 2]);
        }, Token);
        var reads = 0;
        do
        {
            var read = await ReadAsync("key");
            contents.Any(content => content.AsSpan().SequenceEqual(read)).ShouldBeTrue($"read {reads} had {read.Length} bytes");
            reads++;
        }
        while (!writing.IsCompleted);
        await writing;
    }

    [Fact]
    public async Task Nothing_is_found_where_there_is_no_object()
    {
        await WriteAsync("folder/key", [1]);
        (await Store.FindAsync(Bucket, "other", Token)).ShouldBeNull();
        (await Store.FindAsync(Bucket, "folder", Token)).ShouldBeNull();
        (await Store.FindAsync(Bucket, "folder/key/below", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Reading_or_copying_what_is_not_there_says_that_it_is_missing()
    {
        (await Should.ThrowAsync<ObjectMissingException>(() => ReadAsync("no/such key"))).Message.ShouldContain($"{Bucket}/no/such key");
        (await Should.ThrowAsync<ObjectMissingException>(() => Store.CopyAsync(Bucket, "no/such key", Bucket, "copy", Token))).Message.ShouldContain($"{Bucket}/no/such key");
        (await Store.FindAsync(Bucket, "copy", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_version_that_is_there_can_be_read_and_a_stale_one_is_missing()
    {
        await WriteAsync("key", [1, 2, 3]);
        var old = (await FindAsync("key")).Version;
        (await ReadAsync("key", old)).ShouldBe([1, 2, 3]);

        await WriteAsync("key", [4, 5, 6]);
        await Should.ThrowAsync<ObjectMissingException>(() => ReadAsync("key", old));
        (await ReadAsync("key", (await FindAsync("key")).Version)).ShouldBe([4, 5, 6]);
    }

    [Fact]
    public async Task Every_content_has_a_version_of_its_own()
    {
        var versions = new List<string>();
        for (byte i = 0; i < 50; i++)
        {
            await WriteAsync("key", [i]);
            versions.Add((await FindAsync("key")).Version);
        }
        versions.Distinct().Count().ShouldBe(50);
    }

    [Fact]
    public async Task Metadata_is_kept_to_the_letter()
    {
        var metadata = new Dictionary<string, string>
        {
            ["raw-name"] = "Zürich – 東京 😀.jpg",
            ["user-id"] = "o'neill \"the\" user; a=b, c&d",
            ["x.1"] = "100%",
            ["percent"] = "a%20b+c%2Fd",
            ["spaces"] = "  around  ",
            ["line"] = "one\r\ntwo\ttabs",
            ["long"] = new string('x', 1500),
        };
        await WriteAsync("key", [1, 2, 3], metadata);
        (await FindAsync("key")).Metadata.ShouldBe(metadata, ignoreOrder: true);
    }

    [Fact]
    public async Task A_copy_has_the_bytes_and_the_metadata()
    {
        var other = Bucket + "-other";
        await Store.MakeBucketAsync(other, Token);
        var bytes = Bytes(6 << 20);
        var metadata = new Dictionary<string, string> { ["raw-name"] = "Ünïcode + 100%.jpg" };
        await WriteAsync("from/ä b+c.jpg", bytes, metadata);
        await Store.WriteAsync(other, "to/ä b+c.jpg", new MemoryStream([9]), 1, "text/plain", new Dictionary<string, string> { ["old"] = "gone" }, Token);

        await Store.CopyAsync(Bucket, "from/ä b+c.jpg", other, "to/ä b+c.jpg", Token);

        var copy = await Store.FindAsync(other, "to/ä b+c.jpg", Token);
        copy.ShouldNotBeNull().Metadata.ShouldBe(metadata, ignoreOrder: true);
        copy.Bytes.ShouldBe(bytes.Length);
        (await Store.ReadAsync(other, "to/ä b+c.jpg", version: null, ReadToEndAsync, Token)).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        (await ReadAsync("from/ä b+c.jpg")).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(Large)]
    public async Task A_stream_that_is_too_short_is_refused_and_changes_nothing(int count)
    {
        var before = await WriteOldAsync();
        await Should.ThrowAsync<EndOfStreamException>(
            () => Store.WriteAsync(Bucket, "key", new ForwardOnly(Bytes(count - 1)), count, "application/octet-stream", metadata: null, Token));
        await ShouldBeOldAsync(before);
        await Should.ThrowAsync<EndOfStreamException>(
            () => Store.WriteAsync(Bucket, "new", new ForwardOnly([]), count, "application/octet-stream", metadata: null, Token));
        (await Store.FindAsync(Bucket, "new", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_write_that_is_cancelled_changes_nothing()
    {
        var before = await WriteOldAsync();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var content = new ForwardOnly(Bytes(Large), position =>
        {
            if (position > Large / 2)
                cancellation.Cancel();
        });
        await Should.ThrowAsync<OperationCanceledException>(() => Store.WriteAsync(
            Bucket, "key", content, Large, "application/octet-stream", new Dictionary<string, string> { ["new"] = "2" }, cancellation.Token));
        await ShouldBeOldAsync(before);
    }

    [Fact]
    public async Task A_write_whose_source_fails_changes_nothing()
    {
        var before = await WriteOldAsync();
        using var content = new ForwardOnly(Bytes(Large), position =>
        {
            if (position > Large / 2)
                throw new InvalidOperationException("The source broke.");
        });
        var failure = await Should.ThrowAsync<Exception>(() => Store.WriteAsync(
            Bucket, "key", content, Large, "application/octet-stream", new Dictionary<string, string> { ["new"] = "2" }, Token));
        failure.GetBaseException().Message.ShouldBe("The source broke.");
        await ShouldBeOldAsync(before);
    }

    [Fact]
    public async Task What_the_reader_throws_comes_out_unchanged()
    {
        await WriteAsync("key", Bytes(100_000));
        var thrown = new InvalidDataException("Not an image.", new FormatException("inner"));
        (await Should.ThrowAsync<InvalidDataException>(() => Store.ReadAsync<int>(Bucket, "key", version: null, (_, _) => throw thrown, Token))).ShouldBeSameAs(thrown);

        var missing = new ObjectMissingException("elsewhere", "other");
        (await Should.ThrowAsync<ObjectMissingException>(() => Store.ReadAsync<int>(Bucket, "key", version: null, (_, _) => throw missing, Token))).ShouldBeSameAs(missing);
    }

    [Fact]
    public async Task A_read_that_is_cancelled_says_so()
    {
        await WriteAsync("key", Bytes(Large));
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await Should.ThrowAsync<OperationCanceledException>(() => Store.ReadAsync(Bucket, "key", version: null, async (stream, token) =>
        {
            await cancellation.CancelAsync();
            return await ReadToEndAsync(stream, token);
        }, cancellation.Token));
    }

    [Fact]
    public async Task A_readers_own_deadline_is_told_from_a_missing_object()
    {
        await WriteAsync("key", Bytes(100_000));
        var deadline = new CancellationToken(canceled: true);
        await Should.ThrowAsync<OperationCanceledException>(() => Store.ReadAsync(Bucket, "key", version: null, (stream, _) => ReadToEndAsync(stream, deadline), Token));
    }

    [Fact]
    public async Task Making_a_bucket_says_whether_it_is_new()
    {
        var bucket = Servers.NewName();
        (await Store.MakeBucketAsync(bucket, Token)).ShouldBeTrue();
        (await Store.MakeBucketAsync(bucket, Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_no_missing_object()
    {
        var bucket = Servers.NewName();
        var failure = await Should.ThrowAsync<Exception>(
            () => Store.WriteAsync(bucket, "key", new MemoryStream([1]), 1, "application/octet-stream", metadata: null, Token));
        failure.ShouldNotBeOfType<ObjectMissingException>();
        failure.Message.ShouldContain(bucket);
    }

    [Fact]
    public async Task A_bucket_that_is_there_answers_a_ping() => await Should.NotThrowAsync(() => Store.PingAsync(Bucket, Token));

    [Fact]
    public async Task A_bucket_that_is_not_there_does_not_answer_a_ping() => await Should.ThrowAsync<Exception>(() => Store.PingAsync(Servers.NewName(), Token));

    private async Task<StoredObject> WriteOldAsync()
    {
        await WriteAsync("key", Bytes(70_000, seed: 7), new Dictionary<string, string> { ["old"] = "1" });
        return await FindAsync("key");
    }

    private async Task ShouldBeOldAsync(StoredObject before)
    {
        (await FindAsync("key")).ShouldBeEquivalentTo(before);
        (await ReadAsync("key")).AsSpan().SequenceEqual(Bytes(70_000, seed: 7)).ShouldBeTrue();
        (await Store.ListAsync(Bucket, "", Token).CountAsync(Token)).ShouldBe(1);
    }
}
