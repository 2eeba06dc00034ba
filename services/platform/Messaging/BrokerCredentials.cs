using Assay.Platform.Hosting;
using RabbitMQ.Client;

namespace Assay.Platform.Messaging;

/// <summary>Who logs in to the broker: asked at each connection, so that a password can be rotated.</summary>
internal sealed class BrokerCredentials(BusOptions options) : ICredentialsProvider
{
    public string Name => nameof(BrokerCredentials);

    public Task<Credentials> GetCredentialsAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new Credentials(Name, options.User, SecretFiles.Read().Find("Bus:Password", options.Password)!, validUntil: null));
}
