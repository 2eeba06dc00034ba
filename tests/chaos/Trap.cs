using Assay.Tests.Distributed;

namespace Assay.Chaos;

/// <summary>Listens at all doors of a service, and kills it once at each crash point it is set to.</summary>
/// <param name="kill">Kills the service.</param>
internal sealed class Trap(Action kill)
{
    private readonly Lock gate = new();
    private TaskCompletionSource sprung = new();
    private CrashPoint? point;
    private bool followed;

    /// <summary>Sets it. The task ends when the service has been killed there.</summary>
    public Task Set(CrashPoint at)
    {
        lock (gate)
        {
            (point, followed) = (at, at.Following is null);
            sprung = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return sprung.Task;
        }
    }

    /// <summary>Puts it away.</summary>
    public void Unset()
    {
        lock (gate)
            point = null;
    }

    /// <summary>Listens to one more connection.</summary>
    public IEavesdropper Listen(Server server) => new Eavesdropper(this, server);

    // The broker does not answer an acknowledgement: that it has been sent is all that can be known.
    private Passage Hear(Server server, IEnumerable<string> said, ref bool awaitsAnswer)
    {
        lock (gate)
        {
            foreach (var words in said)
            {
                if (point is { } reached && followed && server == reached.Server && words == reached.Effect)
                {
                    point = null;
                    awaitsAnswer = reached.After && words != "ack";
                    return !reached.After ? Passage.Withheld : awaitsAnswer ? Passage.Allowed : Passage.Last;
                }
                followed |= words == point?.Following;
            }
            return Passage.Allowed;
        }
    }

    private void Spring()
    {
        kill();
        sprung.TrySetResult();
    }

    private sealed class Eavesdropper(Trap trap, Server server) : IEavesdropper
    {
        private readonly IWire wire = server switch
        {
            Server.RabbitMq => new AmqpWire(),
            Server.Postgres => new PostgresWire(),
            _ => new S3Wire(),
        };

        private bool awaitsAnswer;

        public Passage FromClient(ReadOnlySpan<byte> bytes) => trap.Hear(server, wire.FromClient(bytes), ref awaitsAnswer);

        public Passage FromServer(ReadOnlySpan<byte> bytes) => wire.FromServer(bytes).Count > 0 && awaitsAnswer ? Passage.Withheld : Passage.Allowed;

        public void Ended() => trap.Spring();
    }
}
