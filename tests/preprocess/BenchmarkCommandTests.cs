using System.Text.Json;
using Shouldly;
using Xunit;

namespace Assay.Tests.Preprocess;

/// <summary>That the benchmarks run, not what they measure: a timing is never a test.</summary>
public class BenchmarkCommandTests
{
    [Fact]
    public async Task The_silver_benchmark_prints_a_row_for_a_picture_and_writes_the_same_as_JSON()
    {
        var json = Path.Combine(Path.GetTempPath(), $"assay-benchmark-{Guid.NewGuid():N}.json");
        try
        {
            var output = await Tools.RunAsync("dotnet", Path.Combine(AppContext.BaseDirectory, "Assay.Benchmarks.dll"), "silver", "--rounds", "1", "--only", "JPEG, 2 MP", "--json", json);

            output.Split('\n').Where(line => line.StartsWith("| JPEG", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldStartWith("| JPEG, 2 MP | 1632 × 1224 | ");
            using var written = JsonDocument.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken));
            var row = written.RootElement.GetProperty("rows").EnumerateArray().ShouldHaveSingleItem();
            row.GetProperty("picture").GetString().ShouldBe("JPEG, 2 MP");
            row.GetProperty("toJpeg12").GetProperty("median").GetDouble().ShouldBeGreaterThan(0);
        }
        finally
        {
            File.Delete(json);
        }
    }
}
