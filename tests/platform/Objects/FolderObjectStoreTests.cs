using Assay.Platform.Objects;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform.Objects;

/// <summary>A folder store in a folder of its own, removed at the end.</summary>
internal sealed class StoreFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("assay-objects-").FullName;

    public string Root => System.IO.Path.Combine(Path, "root");

    public FolderObjectStore Open() => new(Root);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

public sealed class FolderObjectStoreTests : ObjectStoreSuite
{
    private readonly StoreFolder folder = new();

    public FolderObjectStoreTests() => Store = folder.Open();

    protected override IObjectStore Store { get; }

    public static TheoryData<string> HostileKeys => ["../x", "/x", "a//b", "a/../../x", "..", ".", "", "a/", "./a", "a/./b", "nul\0nul", "../" + "root/x"];

    [Theory]
    [MemberData(nameof(HostileKeys))]
    public async Task A_hostile_key_is_refused_and_nothing_leaves_the_root(string key)
    {
        await WriteAsync("key", [1]);
        File.WriteAllText(Path.Combine(folder.Path, "x"), "outside");
        await Should.ThrowAsync<ArgumentException>(() => Store.FindAsync(Bucket, key, Token));
        await Should.ThrowAsync<ArgumentException>(() => ReadAsync(key));
        await Should.ThrowAsync<ArgumentException>(() => WriteAsync(key, [1]));
        await Should.ThrowAsync<ArgumentException>(() => Store.CopyAsync(Bucket, key, Bucket, "copy", Token));
        await Should.ThrowAsync<ArgumentException>(() => Store.CopyAsync(Bucket, "key", Bucket, key, Token));
        File.ReadAllText(Path.Combine(folder.Path, "x")).ShouldBe("outside");
        (await Store.ListAsync(Bucket, "", Token).CountAsync(Token)).ShouldBe(1);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData(".metadata")]
    [InlineData(".writing")]
    public async Task A_hostile_bucket_is_refused(string bucket)
    {
        await WriteAsync("key", [1]);
        await Should.ThrowAsync<ArgumentException>(() => Store.MakeBucketAsync(bucket, Token));
        await Should.ThrowAsync<ArgumentException>(() => Store.FindAsync(bucket, "key", Token));
        await Should.ThrowAsync<ArgumentException>(async () => await Store.ListAsync(bucket, "", Token).CountAsync(Token));
        await Should.ThrowAsync<ArgumentException>(() => Store.CopyAsync(Bucket, "key", bucket, "key", Token));
    }

    [Fact]
    public async Task Nothing_of_a_write_that_failed_stays_behind()
    {
        await Should.ThrowAsync<EndOfStreamException>(
            () => Store.WriteAsync(Bucket, "key", new ForwardOnly([1]), 2, "text/plain", new Dictionary<string, string> { ["a"] = "b" }, Token));
        Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_that_is_gone_does_not_answer_a_ping() =>
        await Should.ThrowAsync<DirectoryNotFoundException>(() => new FolderObjectStore(Path.Combine(folder.Path, "gone")).PingAsync(Bucket, Token));

    public override ValueTask DisposeAsync()
    {
        folder.Dispose();
        return base.DisposeAsync();
    }
}

public sealed class FolderListingTests : ObjectListingSuite
{
    private readonly StoreFolder folder = new();

    public FolderListingTests() => Store = folder.Open();

    protected override IObjectStore Store { get; }

    [Fact]
    public async Task Objects_that_vanish_while_they_are_listed_are_left_out()
    {
        for (var i = 0; i < 200; i++)
            await WriteAsync($"{i}/key", [1]);
        var listed = new List<string>();
        await foreach (var item in Store.ListAsync(Bucket, "", Token))
        {
            if (listed.Count == 0)
                Directory.Delete(Path.Combine(folder.Root, Bucket), recursive: true);
            listed.Add(item.Key);
        }
        listed.Count.ShouldBeLessThan(200);
    }

    public override ValueTask DisposeAsync()
    {
        folder.Dispose();
        return base.DisposeAsync();
    }
}
