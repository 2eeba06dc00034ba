using System.Diagnostics;
using System.Net.Sockets;
using Assay.Ingest;
using Assay.Ingest.Local;
using Shouldly;
using Xunit;

namespace Assay.Tests.Ingest;

public sealed class LocalFilesTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("assay-local-").FullName;
    private readonly List<PassedOver> told = [];

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
    public void Hidden_entries_are_passed_over_in_silence()
    {
        Put("seen.jpg");
        Put(".hidden.jpg");
        Put("._seen.jpg");
        Put(".cache/inside.jpg");
        Put("a/.DS_Store");
        Put("__MACOSX/seen.jpg");
        Found().ShouldBe(["seen.jpg"]);
        told.ShouldBeEmpty();
    }

    [Fact]
    public void Links_are_passed_over_and_named()
    {
        Put("a/seen.jpg");
        var outside = Directory.CreateTempSubdirectory("assay-outside-");
        File.WriteAllText(Path.Combine(outside.FullName, "outside.jpg"), "x");
        Directory.CreateSymbolicLink(Path.Combine(root, "linked"), outside.FullName);
        // Nor may a folder that is linked into itself go on for ever.
        Directory.CreateSymbolicLink(Path.Combine(root, "a", "loop"), root);
        File.CreateSymbolicLink(Path.Combine(root, "file-link.jpg"), Path.Combine(outside.FullName, "outside.jpg"));
        File.CreateSymbolicLink(Path.Combine(root, "broken.jpg"), Path.Combine(outside.FullName, "gone.jpg"));
        Found().ShouldBe(["a/seen.jpg"]);
        told.Select(entry => Path.GetRelativePath(root, entry.Path)).ShouldBe(["linked", "a/loop", "file-link.jpg", "broken.jpg"], ignoreOrder: true);
        told.ShouldAllBe(entry => entry.Why == "is a link" && !entry.IsFailure);
        outside.Delete(recursive: true);
    }

    [Fact]
    public void A_link_that_is_named_is_taken()
    {
        var link = Path.Combine(root, "link.jpg");
        File.CreateSymbolicLink(link, Put("seen.jpg"));
        Under(link).ShouldHaveSingleItem().FullName.ShouldBe(link);
    }

    [Fact]
    public void Only_regular_files_are_taken_and_the_others_are_failures()
    {
        Put("empty.jpg", "");
        Put("seen.jpg");
        Shell("mkfifo pipe.jpg");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(root, "socket.jpg")));
        Found().ShouldBe(["empty.jpg", "seen.jpg"]);
        told.ShouldBe(
        [
            new PassedOver(Path.Combine(root, "pipe.jpg"), "is not a regular file", IsFailure: true),
            new PassedOver(Path.Combine(root, "socket.jpg"), "is not a regular file", IsFailure: true),
        ]);
        Under("/dev/null").ShouldBeEmpty();
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_is_a_failure_and_the_others_are_taken()
    {
        Put("seen.jpg");
        Put("folder/seen too.jpg");
        // The shell takes bytes; .NET only texts.
        Shell("touch folder/$(printf 'b\\344d.jpg') && mkdir $(printf 'b\\344d')");
        try
        {
            Found().ShouldBe(["folder/seen too.jpg", "seen.jpg"]);
            told.Select(entry => entry.Why).ShouldBe(Enumerable.Repeat("cannot be read: its name is not UTF-8; rename it", 2));
            told.ShouldAllBe(entry => entry.IsFailure);
        }
        finally
        {
            Shell("rm -r folder b*");
        }
    }

    [Fact]
    public void A_data_folder_of_Assay_is_passed_over_and_named_by_what_is_in_it()
    {
        Put("seen.jpg");
        Put("other/catalog.db");
        Put("other/bronze/2024/01/01/taken.jpg");
        Put("catalog.db");
        Found().ShouldBe(["catalog.db", "seen.jpg"]);
        told.ShouldHaveSingleItem().ShouldBe(new PassedOver(Path.Combine(root, "other"), "is an Assay data folder", IsFailure: false));
        LocalFiles.DataFolderOf(Path.Combine(root, "other", "bronze", "2024")).ShouldBe(Path.Combine(root, "other"));
        LocalFiles.DataFolderOf(root).ShouldBeNull();
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
        Under(Put(".hidden.jpg")).ShouldHaveSingleItem().Name.ShouldBe(".hidden.jpg");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(root, recursive: true);

    private string Put(string name, string text = "x")
    {
        var path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private void Shell(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = root })!;
        shell.WaitForExit();
        shell.ExitCode.ShouldBe(0, command);
    }

    private IEnumerable<string> Found() => Under(root).Select(file => Path.GetRelativePath(root, file.FullName));

    private List<FileInfo> Under(string path) => [.. LocalFiles.Under(path, told.Add, TestContext.Current.CancellationToken)];

    private async Task<List<LocalFile>> ReadAsync(string path, string? pattern = null)
    {
        var landing = new LandingZone(new IngestOptions { Sources = [new LandingSource { Name = "local", KeyPattern = pattern }] });
        return await new LocalFiles(landing).ReadAsync(new FileInfo(path), root, CancellationToken.None).ToListAsync();
    }
}
