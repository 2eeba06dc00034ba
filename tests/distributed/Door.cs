using System.Net;
using System.Net.Sockets;

namespace Assay.Tests.Distributed;

/// <summary>A way to a server that can be closed: connections are then cut and refused, as when the server has died.</summary>
internal sealed class Door : IAsyncDisposable
{
    private readonly (string Host, int Port) server;
    private readonly Lock gate = new();
    private readonly List<Socket> sockets = [];
    private TcpListener? listener;

    public Door((string Host, int Port) server)
    {
        this.server = server;
        Open();
    }

    /// <summary>Where to knock. Stays the same.</summary>
    public int Port { get; private set; }

    /// <summary>Lets connections through.</summary>
    public void Open()
    {
        listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = AcceptAsync(listener);
    }

    /// <summary>Cuts what is connected and refuses what comes.</summary>
    public void Close()
    {
        listener?.Dispose();
        lock (gate)
        {
            // Not an orderly end: a reset.
            sockets.ForEach(socket => socket.Close(0));
            sockets.Clear();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener open)
    {
        try
        {
            while (true)
                _ = ServeAsync(await open.AcceptSocketAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var target = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (gate)
            sockets.AddRange([client, target]);
        try
        {
            await target.ConnectAsync(server.Host, server.Port);
            await Task.WhenAny(PumpAsync(client, target), PumpAsync(target, client));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One of the two is gone; so is the connection.
        }
        finally
        {
            client.Dispose();
            target.Dispose();
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[65536];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
                await to.SendAsync(buffer.AsMemory(0, read));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
