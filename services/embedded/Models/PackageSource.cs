using System.IO.Compression;
using System.Security.Cryptography;
using Assay.Classify;

namespace Assay.Embedded.Models;

/// <summary>A package as somebody hands it over: a folder, a zip file, or the address of one. What is in it is not trusted.</summary>
internal sealed class PackageSource : IDisposable
{
    // What a package may hold, and the zip file's own tables.
    private const long MaxZipBytes = ModelPackage.MaxModelBytes + (8 << 20);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("assay-package-");

    /// <summary>Brings it here and verifies it. The package is usable until this is disposed.</summary>
    /// <param name="place">The folder, the file or the address.</param>
    /// <param name="sha256">What the zip file's SHA-256 must be; null for any.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ModelPackageException">It is not to be had, not what was asked for, or wrong.</exception>
    public async Task<ModelPackage> OpenAsync(string place, string? sha256, CancellationToken cancellationToken)
    {
        if (Directory.Exists(place))
        {
            return sha256 is null
                ? await VerifyAsync(place, cancellationToken)
                : throw new ModelPackageException(place, "--sha256 is of a zip file, and this is a folder, whose model.json has a checksum itself");
        }
        var zip = Path.Combine(temporary.FullName, "package.zip");
        if (Uri.TryCreate(place, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            // Whoever sits between could hand over any other model, which would pass every check that follows.
            if (address.Scheme == "http" && sha256 is null)
                throw new ModelPackageException(place, "what comes over http may have been exchanged on its way: take it from an https address, or say what it must be ('assay models add' with --sha256)");
            await DownloadAsync(address, zip, cancellationToken);
        }
        else if (File.Exists(place))
        {
            zip = Path.GetFullPath(place);
            if (new FileInfo(zip).Length > MaxZipBytes)
                throw new ModelPackageException(place, $"the zip file has more than {MaxZipBytes} bytes, which is not allowed");
        }
        else
            throw new ModelPackageException(place, "there is no such folder or zip file, and it is no http or https address");
        if (sha256 is not null)
            await RequireHashAsync(place, zip, sha256, cancellationToken);
        var folder = temporary.CreateSubdirectory("package").FullName;
        await UnpackAsync(place, zip, folder, cancellationToken);
        try
        {
            return await VerifyAsync(folder, cancellationToken);
        }
        catch (ModelPackageException fault)
        {
            throw new ModelPackageException(place, fault.Fault, fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => temporary.Delete(recursive: true);

    private static async Task<ModelPackage> VerifyAsync(string folder, CancellationToken cancellationToken)
    {
        await ModelTrial.RequireAsync(Path.GetFullPath(folder), cancellationToken);
        return ModelPackage.Load(folder);
    }

    private static async Task DownloadAsync(Uri address, string file, CancellationToken cancellationToken)
    {
        // The client's own limit ends with the headers.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            using var answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            answer.EnsureSuccessStatusCode();
            await using var body = await answer.Content.ReadAsStreamAsync(patience.Token);
            await CopyAsync(address.ToString(), "the zip file", body, file, MaxZipBytes, patience.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ModelPackageException(address.ToString(), $"it cannot be downloaded: it is not here after {Patience.TotalMinutes:0} minutes", late);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new ModelPackageException(address.ToString(), $"it cannot be downloaded: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private static async Task RequireHashAsync(string place, string zip, string sha256, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(zip);
        var actual = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        if (!actual.Equals(sha256, StringComparison.OrdinalIgnoreCase))
            throw new ModelPackageException(place, $"the zip file's SHA-256 is {actual}, not {sha256}");
    }

    // Only two names are looked for, and nothing is written under any other: a hostile name can do nothing, but says what its author wanted.
    private static async Task UnpackAsync(string place, string zip, string folder, CancellationToken cancellationToken)
    {
        try
        {
            await using var archive = await ZipFile.OpenReadAsync(zip, cancellationToken);
            if (archive.Entries.FirstOrDefault(entry => LeadsOut(entry.FullName)) is { } hostile)
                throw new ModelPackageException(place, $"the zip file has an entry that leads out of it: {hostile.FullName}");
            foreach (var (name, limit) in new[] { (ModelPackage.ManifestFile, 4L << 20), (ModelPackage.ModelFile, ModelPackage.MaxModelBytes) })
            {
                var found = archive.Entries.Where(entry => entry.Name == name).ToList();
                if (found.Count > 1)
                    throw new ModelPackageException(place, $"the zip file has {found.Count} files with the name {name}");
                if (found.Count == 0)
                    throw new ModelPackageException(place, $"{name} is missing in the zip file");
                await using var stream = await found[0].OpenAsync(cancellationToken);
                await CopyAsync(place, name, stream, Path.Combine(folder, name), limit, cancellationToken);
            }
        }
        catch (InvalidDataException exception)
        {
            throw new ModelPackageException(place, $"it is no zip file, or a damaged one: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    private static bool LeadsOut(string name) => Path.IsPathRooted(name) || name.Contains(':', StringComparison.Ordinal) || name.Split('/', '\\').Contains("..");

    // What is said about a size is not believed: the bytes are counted.
    private static async Task CopyAsync(string place, string name, Stream from, string file, long limit, CancellationToken cancellationToken)
    {
        await using var to = File.Create(file);
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await from.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (to.Length + read > limit)
                throw new ModelPackageException(place, $"{name} has more than {limit} bytes, which is not allowed");
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }
}
