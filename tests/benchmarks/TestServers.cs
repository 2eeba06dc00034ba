namespace Assay.Benchmarks;

/// <summary>The servers that some commands need beside the machine.</summary>
internal static class TestServers
{
    private static readonly string[] Variables = ["ASSAY_TEST_RABBITMQ", "ASSAY_TEST_RABBITMQ_ADMIN", "ASSAY_TEST_POSTGRES", "ASSAY_TEST_S3", "ASSAY_TEST_S3_ACCESS_KEY", "ASSAY_TEST_S3_SECRET_KEY"];

    /// <summary>Whether they are named; if not, it says what is missing.</summary>
    public static async Task<bool> AreNamedAsync()
    {
        if (Variables.FirstOrDefault(name => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))) is not { } missing)
            return true;
        await Console.Error.WriteLineAsync($"{missing} is not set: this needs a broker, a database and an S3 server, as tests/servers/*.sh start them.");
        return false;
    }
}
