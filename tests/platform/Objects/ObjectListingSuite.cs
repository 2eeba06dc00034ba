using System.Text;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform.Objects;

/// <summary>What every object store promises of keys and of listings. Upstream systems choose the keys.</summary>
public abstract class ObjectListingSuite : StoreTests
{
    private const int MoreThanAPage = 1050;

    public static TheoryData<string> OddKeys =>
    [
        "a space", " leading and trailing ", "plus+plus", "100%", "%", "a%20b", "a%2Fb%2fc", "%zz%", "what?x=1", "#hash", "a&b=c", "'single'", "\"double\"",
        "back\\slash", "semi;colon,comma:colon", "tilde~!@$^*()_-", "[square]{curly}|<angle>`", "ünïcödé/ß.jpg", "e\u0301 decomposed", "é composed", "日本語/画像.jpg",
        "😀.jpg", "عربى", ".hidden", "trailing.", "..two", "two..", "...", "a..b/..c/d..", "-dash", "UPPER/lower", "upper/LOWER", "amp&amp;lt&lt;", "a=b/c=d/x",
        "key.metadata", ".metadata", ".writing", new string('k', 250) + "/" + new string('k', 255), LongKey('k'), LongKey('日'),
    ];

    [Theory]
    [MemberData(nameof(OddKeys))]
    public async Task A_key_is_taken_as_it_is_written(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        await WriteAsync(key, bytes, new Dictionary<string, string> { ["raw-name"] = key[..Math.Min(key.Length, 500)] });

        (await FindAsync(key)).Metadata["raw-name"].ShouldBe(key[..Math.Min(key.Length, 500)]);
        (await ReadAsync(key, (await FindAsync(key)).Version)).ShouldBe(bytes);
        (await ListAsync(key)).ShouldBe([key]);

        await Store.CopyAsync(Bucket, key, Bucket, "copy", Token);
        (await ReadAsync("copy")).ShouldBe(bytes);
        await WriteAsync("original", [7]);
        await Store.CopyAsync(Bucket, "original", Bucket, key, Token);
        (await ReadAsync(key)).ShouldBe([7]);
        (await ListAsync("")).ShouldBe([key, "copy", "original"], ignoreOrder: true);
    }

    [Fact]
    public async Task All_odd_keys_are_listed_beside_each_other()
    {
        string[] keys = [.. OddKeys.Select(row => row.Data)];
        foreach (var key in keys)
            await WriteAsync(key, Encoding.UTF8.GetBytes(key));
        (await ListAsync("")).ShouldBe(keys, ignoreOrder: true);
        foreach (var key in keys)
            (await ReadAsync(key)).ShouldBe(Encoding.UTF8.GetBytes(key));
    }

    [Fact]
    public async Task A_key_that_XML_cannot_hold_is_listed_beside_the_others_and_can_be_read()
    {
        string[] keys = ["\u0001\u001F.png", "\uFFFF.png", "a b+c%2B.jpg"];
        foreach (var key in keys)
            await WriteAsync(key, Encoding.UTF8.GetBytes(key));
        (await ListAsync("")).ShouldBe(keys, ignoreOrder: true);
        foreach (var key in keys)
            (await ReadAsync(key)).ShouldBe(Encoding.UTF8.GetBytes(key));
    }

    [Fact]
    public async Task Every_object_of_several_pages_is_listed_once_as_find_describes_it()
    {
        string[] keys = [.. Enumerable.Range(0, MoreThanAPage).Select(i => $"{i % 3}/{i % 7} +/{i:0000} %.jpg")];
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (key, _) =>
            await WriteAsync(key, Bytes(key.GetHashCode(StringComparison.Ordinal) & 255), new Dictionary<string, string> { ["raw-name"] = key }));

        var listed = await Store.ListAsync(Bucket, "", Token).ToListAsync(Token);

        listed.Select(item => item.Key).ShouldBe(keys, ignoreOrder: true);
        foreach (var item in listed.Where((_, index) => index % 20 == 0))
        {
            var found = await FindAsync(item.Key);
            item.Bucket.ShouldBe(found.Bucket);
            item.Bytes.ShouldBe(found.Bytes);
            item.Version.ShouldBe(found.Version);
            item.LastModified.Kind.ShouldBe(DateTimeKind.Utc);
            ToSeconds(item.LastModified).ShouldBe(ToSeconds(found.LastModified));
            item.Metadata.ShouldBeEmpty();
            found.Metadata["raw-name"].ShouldBe(item.Key);
        }
    }

    [Fact]
    public async Task A_prefix_is_letters_not_a_folder()
    {
        foreach (var key in (string[])["a", "ab/1", "ab/2", "ab c/1", "abc", "b/a", "B/a", "a+b"])
            await WriteAsync(key, [1]);
        (await ListAsync("ab")).ShouldBe(["ab/1", "ab/2", "ab c/1", "abc"], ignoreOrder: true);
        (await ListAsync("ab/")).ShouldBe(["ab/1", "ab/2"], ignoreOrder: true);
        (await ListAsync("ab ")).ShouldBe(["ab c/1"]);
        (await ListAsync("a+")).ShouldBe(["a+b"]);
        (await ListAsync("b")).ShouldBe(["b/a"]);
        (await ListAsync("nothing/")).ShouldBeEmpty();
        (await ListAsync("../")).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_empty_bucket_has_nothing_to_list() => (await ListAsync("")).ShouldBeEmpty();

    [Fact]
    public async Task A_listing_of_a_bucket_that_is_not_there_fails() =>
        (await Should.ThrowAsync<Exception>(async () => await Store.ListAsync(Bucket + "-none", "", Token).CountAsync(Token))).Message.ShouldContain(Bucket + "-none");

    [Fact]
    public async Task A_listing_that_is_left_early_or_cancelled_ends()
    {
        for (var i = 0; i < 10; i++)
            await WriteAsync($"{i}", [1]);
        (await Store.ListAsync(Bucket, "", Token).Take(3).CountAsync(Token)).ShouldBe(3);

        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.ListAsync(Bucket, "", cancellation.Token).CountAsync(Token));
    }

    // The longest key that S3 allows: 1,024 bytes. No part is longer than a file's name may be.
    protected static string LongKey(char letter) =>
        string.Join('/', Enumerable.Repeat(new string(letter, 204 / Encoding.UTF8.GetByteCount([letter])), 5));

    private static DateTime ToSeconds(DateTime time) => new(time.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, time.Kind);

    protected async Task<IReadOnlyList<string>> ListAsync(string prefix) =>
        await Store.ListAsync(Bucket, prefix, Token).Select(item => item.Key).ToListAsync(Token);
}
