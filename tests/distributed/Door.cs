using System.Net;
using System.Net.Sockets;

namespace Assay.Tests.Distributed;

/// <summary>What is wrong with the way to a server.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Connections are cut and refused, as when the server has died.</summary>
    Refuse,

    /// <summary>Connections are taken and reset at once.</summary>
    Reset,

    /// <summary>Connections are taken and stay, and nothing comes through in either direction, as when a cable is cut.</summary>
    BlackHole,

    /// <summary>All that passes is late.</summary>
    Delay,
}

/// <summary>What may happen to bytes that somebody has overheard.</summary>
internal enum Passage
{
    /// <summary>They go on.</summary>
    Allowed,

    /// <summary>They do not arrive, and the connection ends.</summary>
    Withheld,

    /// <summary>They arrive, and the connection ends.</summary>
    Last,
}

/// <summary>Overhears one connection.</summary>
internal interface IEavesdropper
{
    /// <summary>Hears what the client sends before the server does.</summary>
    Passage FromClient(ReadOnlySpan<byte> bytes);

    /// <summary>Hears what the server sends before the client does.</summary>
    Passage FromServer(ReadOnlySpan<byte> bytes);

    /// <summary>Called once the last bytes have arrived and before the connection ends.</summary>
    void Ended();
}

/// <summary>A way to a server that can be closed, or be broken in other ways.</summary>
internal sealed class Door : IAsyncDisposable
{
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(200);

    private readonly (string Host, int Port) server;
    private readonly Lock gate = new();
    private readonly List<Socket> sockets = [];
    private TcpListener? listener;
    private TaskCompletionSource passable = Passable();
    private volatile Fault fault;
    private volatile int forgotten;
    private int taken;

    public Door((string Host, int Port) server)
    {
        this.server = server;
        Open();
    }

    /// <summary>Where to knock. Stays the same.</summary>
    public int Port { get; private set; }

    /// <summary>How many connections have been taken so far, whatever became of them.</summary>
    public int Taken => taken;

    /// <summary>Makes an eavesdropper for each new connection. Default none.</summary>
    public Func<IEavesdropper>? Eavesdroppers { get; set; }

    /// <summary>Lets connections through.</summary>
    public void Open() => Break(Fault.None);

    /// <summary>Cuts what is connected and refuses what comes.</summary>
    public void Close() => Break(Fault.Refuse);

    /// <summary>What is connected stays so, and nothing comes through any more, as behind a firewall that has been exchanged. What comes new passes.</summary>
    public void Forget() => Interlocked.Increment(ref forgotten);

    /// <summary>Breaks the way, or mends it. What a black hole has swallowed does not come back: its connections end when it does.</summary>
    public void Break(Fault kind)
    {
        var before = fault;
        fault = kind;
        if (kind is Fault.Refuse or Fault.Reset || before == Fault.BlackHole)
            Cut();
        if (kind == Fault.BlackHole)
            passable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        else
            passable.TrySetResult();
        if (kind == Fault.Refuse)
        {
            listener?.Dispose();
            listener = null;
        }
        else if (listener is null)
        {
            listener = new TcpListener(IPAddress.Loopback, Port);
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            _ = AcceptAsync(listener);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private static TaskCompletionSource Passable()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private void Cut()
    {
        lock (gate)
        {
            // Not an orderly end: a reset.
            sockets.ForEach(socket => socket.Close(0));
            sockets.Clear();
        }
    }

    private async Task AcceptAsync(TcpListener open)
    {
        try
        {
            while (true)
            {
                var client = await open.AcceptSocketAsync();
                Interlocked.Increment(ref taken);
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        if (fault == Fault.Reset)
        {
            client.Close(0);
            return;
        }
        var target = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (gate)
            sockets.AddRange([client, target]);
        try
        {
            await passable.Task;
            await target.ConnectAsync(server.Host, server.Port);
            var (eavesdropper, age) = (Eavesdroppers?.Invoke(), forgotten);
            Task[] directions =
            [
                PumpAsync(client, target, age, eavesdropper, bytes => eavesdropper!.FromClient(bytes)),
                PumpAsync(target, client, age, eavesdropper, bytes => eavesdropper!.FromServer(bytes)),
            ];
            await Task.WhenAny(directions);
            // Of a forgotten connection neither end hears that the other has given it up.
            if (age != forgotten)
                await Task.WhenAll(directions);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One of the two is gone; so is the connection.
        }
        finally
        {
            lock (gate)
            {
                sockets.Remove(client);
                sockets.Remove(target);
            }
            client.Dispose();
            target.Dispose();
        }
    }

    private delegate Passage Hearing(ReadOnlySpan<byte> bytes);

    private async Task PumpAsync(Socket from, Socket to, int age, IEavesdropper? eavesdropper, Hearing hear)
    {
        var buffer = new byte[65536];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
            {
                if (fault == Fault.Delay)
                    await Task.Delay(Lateness);
                await passable.Task;
                if (age != forgotten)
                    continue;
                var passage = eavesdropper is null ? Passage.Allowed : hear(buffer.AsSpan(0, read));
                if (passage != Passage.Withheld)
                    await to.SendAsync(buffer.AsMemory(0, read));
                if (passage != Passage.Allowed)
                {
                    eavesdropper!.Ended();
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
