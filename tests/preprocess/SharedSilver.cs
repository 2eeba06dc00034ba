using Assay.Platform.Messaging;
using Assay.Preprocess;
using Assay.Tests.Preprocess;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedSilver))]

namespace Assay.Tests.Preprocess;

/// <summary>The silver images of all shared pictures that are accepted, as files: made when first asked for, deleted at the end.</summary>
public sealed class SharedSilver : IDisposable
{
    private readonly Lazy<string> folder = new(Make);

    /// <summary>Where the originals are.</summary>
    public static string Originals => SharedFolder.Require("images");

    /// <summary>Holds <c>NAME.jpg</c> for every <c>NAME</c> below <see cref="Originals"/>.</summary>
    public string Folder => folder.Value;

    private static string Make() => MakeOf(Originals);

    /// <summary>The same of another folder; to be deleted by who asks.</summary>
    public static string MakeOf(string originals)
    {
        var folder = Directory.CreateTempSubdirectory("assay-silver-").FullName;
        var transform = new SilverTransform(new());
        foreach (var original in Directory.EnumerateFiles(originals, "*", SearchOption.AllDirectories))
        {
            try
            {
                var silver = transform.Apply(File.ReadAllBytes(original), CancellationToken.None);
                var path = Path.Combine(folder, Path.GetRelativePath(originals, original) + ".jpg");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, silver.Jpeg.Span);
            }
            catch (InvalidImageException)
            {
                // Refused: SharedImagesTests looks at those.
            }
        }
        return folder;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (folder.IsValueCreated)
            Directory.Delete(folder.Value, recursive: true);
    }
}
