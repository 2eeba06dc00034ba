namespace Assay.Tests;

/// <summary>Where this checkout is.</summary>
public static class Repository
{
    /// <summary>The folder that holds Assay.slnx.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Assay.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No folder above {start} holds Assay.slnx.");
    }
}
