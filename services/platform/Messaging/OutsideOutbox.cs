using MassTransit;
using MassTransit.Configuration;

namespace Assay.Platform.Messaging;

/// <summary>Adds a filter for every message of an endpoint as the outbox itself is added: consume filters would be within it. To be made before the outbox is added.</summary>
internal abstract class OutsideOutbox : ConfigurationObserver, IMessageConfigurationObserver
{
    protected OutsideOutbox(IConsumePipeConfigurator endpoint) : base(endpoint) => Connect(this);

    public void MessageConfigured<T>(IConsumePipeConfigurator configurator) where T : class =>
        configurator.AddPipeSpecification(new FilterPipeSpecification<ConsumeContext<T>>(NewFilter<T>()));

    protected abstract IFilter<ConsumeContext<T>> NewFilter<T>() where T : class;
}
