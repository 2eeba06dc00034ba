using Assay.Platform.Hosting;
using Assay.Tests.Ingest;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform.Hosting;

/// <summary>What a supervisor learns from a service's exit code.</summary>
public sealed class ExitCodeTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("assay-exit-");
    private readonly ErrorLog errors = new();

    [Fact]
    public async Task A_service_in_which_something_fails_that_is_to_run_all_the_time_ends_with_1_and_says_so()
    {
        (await RunAsync(isAskedToStop: false)).ShouldBe(1);
        errors.Messages.ShouldContain(message => message.Contains("BackgroundService", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_fails_while_a_service_stops_that_was_asked_to_makes_it_no_failure() => (await RunAsync(isAskedToStop: true)).ShouldBe(0);

    /// <inheritdoc/>
    public void Dispose()
    {
        folder.Delete(recursive: true);
        errors.Dispose();
    }

    private Task<int> RunAsync(bool isAskedToStop) => AssayHost.RunAsync(
        [
            "--urls=http://127.0.0.1:0", "--Bus:Kind=InMemory", "--Objects:Kind=Folder", $"--Objects:Folder={folder.FullName}",
            "--Catalog:Kind=Sqlite", $"--Catalog:File={Path.Combine(folder.FullName, "catalog.db")}",
        ],
        new Stage(errors, isAskedToStop)).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    private sealed class Stage(ErrorLog errors, bool isAskedToStop) : IStage
    {
        public string Name => "failing";

        public void AddServices(IHostApplicationBuilder builder)
        {
            builder.Logging.AddProvider(errors);
            builder.Services.AddHostedService(services => new FailingService(services.GetRequiredService<IHostApplicationLifetime>(), isAskedToStop));
        }

        public void AddConsumers(IBusRegistrationConfigurator bus)
        {
        }

        public void MapEndpoints(IEndpointRouteBuilder endpoints)
        {
        }
    }

    private sealed class FailingService(IHostApplicationLifetime lifetime, bool isAskedToStop) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await WhenAsync(lifetime.ApplicationStarted);
            if (isAskedToStop)
            {
                lifetime.StopApplication();
                await WhenAsync(stoppingToken);
            }
            throw new InvalidOperationException("It is broken.");
        }

        private static async Task WhenAsync(CancellationToken token)
        {
            var happened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = token.Register(happened.SetResult);
            await happened.Task;
        }
    }
}
