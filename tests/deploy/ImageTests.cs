using Shouldly;
using Xunit;

namespace Assay.Tests.Deploy;

/// <summary>What the images are made of; tests/distributed/ContainerTests.cs builds and runs them.</summary>
public sealed class ImageTests
{
    [Fact]
    public void Every_native_library_for_one_processor_is_there_for_the_other()
    {
        NativeLibraries("x64").ShouldNotBeEmpty();
        NativeLibraries("arm64").ShouldBe(NativeLibraries("x64"));
    }

    private static List<string> NativeLibraries(string architecture) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "runtimes", $"linux-{architecture}", "native"))
            .Select(file => Path.GetFileName(file).Replace(architecture, "ARCHITECTURE", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];
}
