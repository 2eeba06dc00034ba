using System.Net;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>What a container's health check runs: the service's own program, which asks the service.</summary>
public sealed class HealthQuestionTests
{
    [Fact]
    public async Task A_service_that_is_ready_says_so_to_its_own_program()
    {
        await using var deployment = await Deployment.NewAsync();
        await deployment.SetupAsync();
        var service = await deployment.StartAsync("Assay.Steward");
        await Eventually.HoldsAsync("it is ready", async () => (await service.ReadyAsync()).Status == HttpStatusCode.OK, details: service.ToString);

        var port = service.Http.BaseAddress!.Port;
        foreach (var (name, value) in new[]
        {
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"), ("ASPNETCORE_URLS", $"http://+:{port}"), ("ASPNETCORE_URLS", $"http://0.0.0.0:{port};http://[::]:{port}"),
            ("ASPNETCORE_HTTP_PORTS", $"{port};1"),
        })
        {
            var answer = await AskAsync("Assay.Steward", (name, value));
            answer.ExitCode.ShouldBe(0, $"{name}={value}: {answer}");
            answer.Output.ShouldContain("\"catalog\":\"Healthy\"");
        }
    }

    [Fact]
    public async Task A_service_that_is_not_ready_says_why_to_its_own_program()
    {
        await using var deployment = await Deployment.NewAsync();
        await deployment.SetupAsync();
        var service = await deployment.StartAsync("Assay.Ingest", ("ASSAY_INGEST__SOURCES__0__BUCKET", "not-made"));
        var answer = await AskAsync("Assay.Ingest", ("ASPNETCORE_URLS", service.Http.BaseAddress!.ToString()));
        answer.ExitCode.ShouldBe(1, answer.ToString());
        answer.Output.ShouldContain("\"objects\":\"Unhealthy\"");
    }

    [Theory]
    [InlineData("Assay.Ingest")]
    [InlineData("Assay.Preprocess")]
    [InlineData("Assay.Enrich")]
    [InlineData("Assay.Classify")]
    [InlineData("Assay.Steward")]
    public async Task Where_no_service_runs_its_program_says_that_nobody_answers(string program)
    {
        var answer = await AskAsync(program, ("ASPNETCORE_HTTP_PORTS", "1"));
        answer.ExitCode.ShouldBe(1, answer.ToString());
        answer.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("http://127.0.0.1:1/health/ready does not answer: ");
    }

    private static async Task<ProcessResult> AskAsync(string program, params (string Name, string Value)[] settings)
    {
        await using var process = AssayProcess.Start(program, settings.ToDictionary(setting => setting.Name, setting => setting.Value), "health");
        return await process.ExitAsync(TimeSpan.FromSeconds(60));
    }
}
