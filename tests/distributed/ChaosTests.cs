using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>A few minutes of what <c>./test chaos</c> does for hours: tests/chaos.</summary>
public sealed class ChaosTests
{
    private static readonly string[] ServerVariables =
        ["ASSAY_TEST_RABBITMQ", "ASSAY_TEST_RABBITMQ_ADMIN", "ASSAY_TEST_POSTGRES", "ASSAY_TEST_S3", "ASSAY_TEST_S3_ACCESS_KEY", "ASSAY_TEST_S3_SECRET_KEY"];

    [Fact]
    public async Task Services_that_die_and_servers_that_are_away_lose_nothing_double_nothing_and_change_no_byte()
    {
        // Skips the test where they are not there.
        _ = (Servers.RabbitMq(), Servers.Postgres(), Servers.S3());
        await using var chaos = AssayProcess.Start(
            "Assay.Chaos", ServerVariables.ToDictionary(name => name, name => Environment.GetEnvironmentVariable(name)!), "--images", "150", "--seed", "1", "--scenario", "brief");
        (await chaos.ExitAsync(TimeSpan.FromMinutes(15))).ExitCode.ShouldBe(0, chaos.ToString());
    }
}
