using Assay.Ingest;
using Assay.Ingest.Local;
using Shouldly;
using Xunit;

namespace Assay.Tests.Ingest;

public sealed class LocalFilesTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("assay-local-").FullName;

    [Fact]
    public void A_folder_is_all_files_below_it_in_the_order_of_their_names()
    {
        Put("b.jpg");
        Put("a/z.jpg");
        Put("a/b/c/deep.png");
        Put("Z.JPG");
        Found().ShouldBe(["Z.JPG", "a/b/c/deep.png", "a/z.jpg", "b.jpg"]);
    }

    [Fact]
    public void Hidden_files_and_linked_folders_are_passed_over()
    {
        Put("seen.jpg");
        Put(".hidden.jpg");
        Put(".cache/inside.jpg");
        Put("a/.DS_Store");
        var outside = Directory.CreateTempSubdirectory("assay-outside-");
        File.WriteAllText(Path.Combine(outside.FullName, "outside.jpg"), "x");
        Directory.CreateSymbolicLink(Path.Combine(root, "linked"), outside.FullName);
        // Nor may a folder that is linked into itself go on for ever.
        Directory.CreateSymbolicLink(Path.Combine(root, "a", "loop"), root);
        File.CreateSymbolicLink(Path.Combine(root, "file-link.jpg"), Path.Combine(outside.FullName, "outside.jpg"));
        Found().ShouldBe(["seen.jpg"]);
        outside.Delete(recursive: true);
    }

    [Fact]
    public async Task A_file_is_an_occurrence_with_its_path_its_checksum_and_its_time()
    {
        var path = Put("users/anna/ä b.jpg", "abc");
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 2, 29, 12, 0, 0, DateTimeKind.Utc));
        var occurrence = (await ReadAsync(path, "users/{userId}/")).ShouldHaveSingleItem().Occurrence;
        occurrence.ShouldBe(new Occurrence(
            "local", path, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            new DateTime(2020, 2, 29, 12, 0, 0, DateTimeKind.Utc), 3, "ä b.jpg", "anna", new DateTime(2020, 2, 29, 12, 0, 0, DateTimeKind.Utc)));
    }

    [Fact]
    public async Task An_unchanged_file_is_the_same_occurrence_and_a_changed_one_is_not()
    {
        var path = Put("a.jpg", "one");
        var first = (await ReadAsync(path)).Single().Occurrence;
        (await ReadAsync(path)).Single().Occurrence.ShouldBe(first);
        Put("a.jpg", "two");
        (await ReadAsync(path)).Single().Occurrence.Version.ShouldNotBe(first.Version);
    }

    [Fact]
    public void A_file_that_is_named_is_taken_even_if_it_is_hidden() =>
        LocalFiles.Under(Put(".hidden.jpg")).ShouldHaveSingleItem().Name.ShouldBe(".hidden.jpg");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(root, recursive: true);

    private string Put(string name, string text = "x")
    {
        var path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private IEnumerable<string> Found() => LocalFiles.Under(root).Select(file => Path.GetRelativePath(root, file.FullName));

    private async Task<List<LocalFile>> ReadAsync(string path, string? pattern = null)
    {
        var landing = new LandingZone(new IngestOptions { Sources = [new LandingSource { Name = "local", KeyPattern = pattern }] });
        return await new LocalFiles(landing).ReadAsync(new FileInfo(path), root, CancellationToken.None).ToListAsync();
    }
}
