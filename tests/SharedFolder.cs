using Xunit;

namespace Assay.Tests;

/// <summary>Real pictures, labelled sets and a real model that lie beside the repository and are not part of it.</summary>
public static class SharedFolder
{
    /// <summary>The full path of something in the shared folder. Where it is absent the test is skipped; on CI it fails.</summary>
    public static string Require(params string[] parts)
    {
        var path = Path.Combine([Root, .. parts]);
        if (Path.Exists(path))
            return path;
        var message = $"This test needs {Path.Combine(["shared", .. parts])} beside the repository (or where ASSAY_SHARED points).";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(message);
        Assert.Skip(message);
        return path;
    }

    private static string Root =>
        Environment.GetEnvironmentVariable("ASSAY_SHARED") ?? Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared"));
}
