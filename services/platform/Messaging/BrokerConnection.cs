using System.Net.Sockets;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Assay.Platform.Messaging;

/// <summary>A connection beside the bus' own to the broker that the settings name, to ask it something. It does not come back by itself.</summary>
public static class BrokerConnection
{
    /// <summary>Opens one.</summary>
    /// <exception cref="BrokerUnreachableException">The broker is away, or refuses: the base exception says which.</exception>
    /// <exception cref="OperationCanceledException">It has not answered in time.</exception>
    public static async Task<IConnection> OpenAsync(BusOptions options, CancellationToken cancellationToken)
    {
        var sockets = new List<Socket>();
        var factory = new ConnectionFactory
        {
            HostName = options.Host,
            Port = options.Port,
            VirtualHost = options.VirtualHost,
            CredentialsProvider = new BrokerCredentials(options),
            Ssl = new SslOption(options.Host, enabled: options.Tls),
            AutomaticRecoveryEnabled = false,
            SocketFactory = family =>
            {
                var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                lock (sockets)
                    sockets.Add(socket);
                return new TcpClientAdapter(socket);
            },
        };
        try
        {
            // The client has no end for a server that takes a connection and then says nothing, and leaves its socket open when told to end.
            return await factory.CreateConnectionAsync(cancellationToken).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (sockets)
                sockets.ForEach(socket => socket.Dispose());
            throw;
        }
    }

    /// <summary>What the broker says about a queue; null where it is not there.</summary>
    public static async Task<QueueDeclareOk?> FindQueueAsync(this IConnection connection, string queue, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        // A channel does not survive asking for a queue that is not there.
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    /// <summary>How many messages wait in a queue, without those that consumers have in hand; 0 where it is not there.</summary>
    public static async Task<long> WaitingAsync(this IConnection connection, string queue, CancellationToken cancellationToken) =>
        await connection.FindQueueAsync(queue, cancellationToken) is { } found ? found.MessageCount : 0;
}
