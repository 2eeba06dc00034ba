using System.Collections.Concurrent;
using System.Text;
using Assay.Tests.Distributed;

namespace Assay.Chaos;

/// <summary>Counts how often each silver and gold image is written, by listening at the doors to S3: twice is work done twice. (A sidecar is written twice by design.)</summary>
internal sealed class WriteCounter
{
    private readonly ConcurrentDictionary<string, int> writes = new();

    /// <summary>The keys that were written more than once.</summary>
    public IReadOnlyCollection<string> Repeated => [.. writes.Where(write => write.Value > 1).Select(write => write.Key)];

    /// <summary>Listens to connections that are made from now on.</summary>
    public static WriteCounter Listen(TestSystem system)
    {
        var counter = new WriteCounter();
        foreach (var service in system.Services)
            service.Doors[Server.S3].Eavesdroppers = () => new Eavesdropper(counter);
        return counter;
    }

    private sealed class Eavesdropper(WriteCounter counter) : IEavesdropper
    {
        public Passage FromClient(ReadOnlySpan<byte> bytes)
        {
            if (bytes.StartsWith("PUT /"u8) && bytes.IndexOf((byte)'\r') is > 0 and var end)
            {
                var line = Encoding.ASCII.GetString(bytes[..end]);
                if (line.Contains(".jpg", StringComparison.Ordinal) && (line.Contains("-silver/", StringComparison.Ordinal) || line.Contains("-gold/", StringComparison.Ordinal)))
                    counter.writes.AddOrUpdate(line.Split(' ')[1], 1, (_, times) => times + 1);
            }
            return Passage.Allowed;
        }

        public Passage FromServer(ReadOnlySpan<byte> bytes) => Passage.Allowed;

        public void Ended()
        {
        }
    }
}
