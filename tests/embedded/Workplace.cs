using System.Diagnostics;
using System.Text.Json;
using Assay.Tests.Classify;
using Assay.Tests.Distributed;
using Microsoft.Data.Sqlite;

namespace Assay.Tests.Embedded;

/// <summary>A user's folder with pictures, a data folder and a small model, and the <c>assay</c> program at work in it. Deleted at the end.</summary>
internal sealed class Workplace : IDisposable
{
    /// <summary>Long enough for a slow machine, short enough to fail before the runner's own hang guard.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly PackageFolder model = PackageFolder.With();
    private readonly string root = Directory.CreateTempSubdirectory("assay-work-").FullName;

    public Workplace() => Directory.CreateDirectory(Pictures);

    /// <summary>Where the user's pictures are.</summary>
    public string Pictures => Path.Combine(root, "pictures");

    /// <summary>The data folder.</summary>
    public string Data => Path.Combine(root, "data");

    /// <summary>The program's settings.</summary>
    public Dictionary<string, string> Settings => new() { ["ASSAY_CLASSIFY__MODEL"] = model.Path, ["ASSAY_SECRETS_DIR"] = Path.Combine(root, "no-secrets") };

    /// <summary>A path in the folder of pictures, whose folder is there.</summary>
    public string PathOf(string name)
    {
        var path = Path.Combine(Pictures, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Puts a file among the pictures.</summary>
    public string Put(string name, byte[] bytes)
    {
        var path = PathOf(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Puts pictures that all differ among the pictures.</summary>
    public void Draw(int count)
    {
        for (var i = 0; i < count; i++)
            Put($"drawn-{i}.jpg", Picture.Detailed(600 + i, 400).Jpeg());
    }

    /// <summary>Runs a command of the system, which succeeds.</summary>
    public static void Command(string name, params IEnumerable<string> arguments)
    {
        using var command = Process.Start(name, arguments);
        command.WaitForExit();
        if (command.ExitCode != 0)
            throw new InvalidOperationException($"{name} {string.Join(' ', arguments)} ended with {command.ExitCode}.");
    }

    /// <summary>Puts real photographs among the pictures.</summary>
    public void PutPhotos(int count)
    {
        foreach (var photo in Directory.EnumerateFiles(SharedFolder.Require("images", "photos"), "*.jpg").Order(StringComparer.Ordinal).Take(count))
            File.Copy(photo, PathOf(Path.GetFileName(photo)));
    }

    /// <summary>Starts the program; <c>--data</c> is added.</summary>
    public AssayProcess Start(params IEnumerable<string> arguments) => AssayProcess.Start("assay", Settings, [.. arguments, "--data", Data]);

    /// <summary>The same as a user without rights, to whom the workplace is open.</summary>
    public AssayProcess StartWithoutRights(params IEnumerable<string> arguments)
    {
        Command("chmod", "a+rwx", root, Pictures, model.Path);
        return AssayProcess.StartWithoutRights("assay", Settings, [.. arguments, "--data", Data]);
    }

    /// <summary>Runs the program to its end.</summary>
    public async Task<ProcessResult> RunAsync(params IEnumerable<string> arguments)
    {
        await using var program = Start(arguments);
        return await program.ExitAsync(Patience);
    }

    /// <summary>Runs <c>assay run --json</c> on the pictures and returns its objects, too.</summary>
    public async Task<(ProcessResult Result, JsonElement[] Images)> RunJsonAsync()
    {
        var result = await RunAsync("run", Pictures, "--json");
        return (result, Parse(result.OutputLines));
    }

    /// <summary>One object per line, as any program would read them.</summary>
    public static JsonElement[] Parse(IEnumerable<string> lines) => [.. lines.Select(line =>
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    })];

    /// <summary>Asks the catalog for one number.</summary>
    public long Count(string what)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "catalog.db")};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own words.
        command.CommandText = $"SELECT {what}";
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Changes the catalog behind the program's back.</summary>
    public void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "catalog.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own words.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        model.Dispose();
        Directory.Delete(root, recursive: true);
    }
}
