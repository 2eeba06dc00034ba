using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Assay.Platform.Hosting;

/// <summary>
/// What a stage contributes to the host it runs in. A stage never configures the host: a service runs one stage, the embedded program all of them.
/// </summary>
public interface IStage
{
    /// <summary>The stage's name: also its queue's, and the first part of what it puts in quarantine.</summary>
    string Name { get; }

    /// <summary>Adds its settings and services.</summary>
    void AddServices(IHostApplicationBuilder builder);

    /// <summary>Adds its consumers.</summary>
    void AddConsumers(IBusRegistrationConfigurator bus);

    /// <summary>Maps its HTTP endpoints, if it has any.</summary>
    void MapEndpoints(IEndpointRouteBuilder endpoints);
}
