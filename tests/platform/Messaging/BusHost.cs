using System.Collections.Concurrent;
using Assay.Contracts;
using Assay.Platform.Catalog;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Assay.Tests.Platform.Messaging;

/// <summary>What the stage under test is to do with an image, and all that came of it.</summary>
public sealed class Script(Func<ConsumeContext<ImageIngested>, int, Task> work)
{
    private readonly ConcurrentDictionary<Guid, int> attempts = [];

    /// <summary>Images that were worked on to the end.</summary>
    public ConcurrentQueue<Guid> Done { get; } = [];

    /// <summary>Rejections that were announced.</summary>
    public ConcurrentQueue<ImageRejected> Rejected { get; } = [];

    /// <summary>How often an image was tried.</summary>
    public int AttemptsOf(Guid imageId) => attempts.GetValueOrDefault(imageId);

    internal async Task WorkAsync(ConsumeContext<ImageIngested> context)
    {
        var id = context.Message.ImageId;
        await work(context, attempts.AddOrUpdate(id, 1, (_, before) => before + 1));
        Done.Enqueue(id);
    }
}

/// <summary>The stage under test.</summary>
public sealed class ScriptedConsumer(Script script) : IConsumer<ImageIngested>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<ImageIngested> context) => script.WorkAsync(context);
}

/// <summary>Hears of rejections.</summary>
public sealed class RejectionListener(Script script) : IConsumer<ImageRejected>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<ImageRejected> context)
    {
        script.Rejected.Enqueue(context.Message);
        return Task.CompletedTask;
    }
}

/// <summary>Counts the messages that were received and are neither consumed nor kept.</summary>
internal sealed class Unanswered : IReceiveObserver
{
    private int count;

    public int Count => Volatile.Read(ref count);

    public Task PreReceive(ReceiveContext context)
    {
        Interlocked.Increment(ref count);
        return Task.CompletedTask;
    }

    public Task PostReceive(ReceiveContext context)
    {
        Interlocked.Decrement(ref count);
        return Task.CompletedTask;
    }

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;
}

/// <summary>A stage with one consumer and nothing else.</summary>
internal abstract class BareStage<T> : IStage where T : class, IConsumer
{
    public abstract string Name { get; }

    public virtual void AddServices(IHostApplicationBuilder builder)
    {
    }

    public virtual void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddStageConsumer<T>(Name);

    public virtual void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}

/// <summary>The scripted stage.</summary>
internal class TryoutStage : BareStage<ScriptedConsumer>
{
    public override string Name => BusHost.Stage;
}

/// <summary>A host with one scripted stage on a bus, a folder and SQLite.</summary>
internal sealed class BusHost : IAsyncDisposable
{
    /// <summary>The name of the scripted stage, and of its queue.</summary>
    public const string Stage = "tryout";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("assay-bus-");
    private readonly IHost host;

    private BusHost(IReadOnlyDictionary<string, string?> bus, Script script, IReadOnlyList<IStage> stages)
    {
        Script = script;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(bus);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Objects:Kind"] = "Folder",
            ["Objects:Folder"] = folder.FullName,
            ["Catalog:Kind"] = "Sqlite",
            ["Catalog:File"] = Path.Combine(folder.FullName, "catalog.db"),
        });
        builder.Services.AddSingleton(script);
        builder.AddStages(stages);
        host = builder.Build();
    }

    public Script Script { get; }

    /// <summary>What is not consumed yet.</summary>
    public Unanswered Unanswered { get; } = new();

    public IObjectStore Objects => host.Services.GetRequiredService<IObjectStore>();

    /// <summary>Starts it.</summary>
    /// <param name="bus">The settings of the bus.</param>
    /// <param name="work">What the stage does with an image, given how often it has been tried.</param>
    /// <param name="hasStage">Whether there is the stage at all.</param>
    public static async Task<BusHost> StartAsync(
        IReadOnlyDictionary<string, string?> bus, Func<ConsumeContext<ImageIngested>, int, Task> work, bool hasStage = true)
    {
        IReadOnlyList<IStage> stages = [.. hasStage ? [new TryoutStage()] : Array.Empty<IStage>(), new ListeningStage()];
        var started = new BusHost(bus, new Script(work), stages);
        await started.WithCatalogAsync(async catalog =>
        {
            await catalog.Database.MigrateAsync();
            return true;
        });
        foreach (var layer in Layer.All)
            await started.Objects.MakeBucketAsync(layer, CancellationToken.None);
        var control = started.host.Services.GetRequiredService<IBusControl>();
        control.ConnectReceiveObserver(started.Unanswered);
        await started.host.StartAsync();
        await control.WaitForHealthStatus(BusHealthStatus.Healthy, TimeSpan.FromSeconds(30));
        return started;
    }

    /// <summary>Writes an original, and says what ingest would say of it.</summary>
    public async Task<ImageIngested> IngestAsync(string name)
    {
        var id = ImageIdentity.Of("landing", name, "1", DateTime.UtcNow);
        var bronze = await Objects.WriteAllAsync(Layer.Bronze, "bronze", Layer.BronzeKey(id, name), new byte[] { 1, 2, 3 }, "image/jpeg", CancellationToken.None);
        return new ImageIngested(id, new Origin("landing", null, null, name, name, DateTime.UtcNow, DateTime.UtcNow), bronze);
    }

    public Task PublishAsync<T>(T message) where T : class => host.Services.GetRequiredService<IBus>().Publish(message);

    public async Task<T> WithCatalogAsync<T>(Func<CatalogContext, Task<T>> work)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<CatalogContext>());
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        folder.Delete(recursive: true);
    }

    private sealed class ListeningStage : BareStage<RejectionListener>
    {
        public override string Name => "listener";
    }
}
