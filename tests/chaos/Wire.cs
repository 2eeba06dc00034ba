using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace Assay.Chaos;

/// <summary>What a connection to a server says, in the few words that crash points are made of.</summary>
internal interface IWire
{
    /// <summary>What the client says.</summary>
    IReadOnlyList<string> FromClient(ReadOnlySpan<byte> bytes);

    /// <summary>What the server says.</summary>
    IReadOnlyList<string> FromServer(ReadOnlySpan<byte> bytes);
}

/// <summary>S3: <c>PUT gold .json</c> (copies, too), and <c>done</c>. A request's first line is the first thing in what is read: the client waits for the answer before the next.</summary>
internal sealed partial class S3Wire : IWire
{
    public IReadOnlyList<string> FromClient(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("PUT /"u8) && RequestLine().Match(Encoding.ASCII.GetString(bytes[..Math.Min(bytes.Length, 2048)])) is { Success: true } put
            ? [$"PUT {put.Groups["layer"]} {put.Groups["extension"]}"]
            : [];

    // Not the interim "100 Continue".
    public IReadOnlyList<string> FromServer(ReadOnlySpan<byte> bytes) => bytes.StartsWith("HTTP/1.1 2"u8) ? ["done"] : [];

    [GeneratedRegex(@"^PUT /[^/-]+-(?<layer>[a-z]+)/\S*?(?<extension>\.\w+)?[ ?]")]
    private static partial Regex RequestLine();
}

/// <summary>PostgreSQL: <c>INSERT images</c>, <c>COMMIT</c>, and <c>done</c>. Statements are not prepared, so that each sends its text.</summary>
internal sealed partial class PostgresWire : IWire
{
    public IReadOnlyList<string> FromClient(ReadOnlySpan<byte> bytes) =>
        [.. Statement().Matches(Encoding.ASCII.GetString(bytes)).Select(statement => statement.Groups["table"] is { Success: true } table ? $"INSERT {table}" : "COMMIT")];

    public IReadOnlyList<string> FromServer(ReadOnlySpan<byte> bytes) => ["done"];

    [GeneratedRegex(@"INSERT INTO (?<table>\w+)|COMMIT\0")]
    private static partial Regex Statement();
}

/// <summary>RabbitMQ (AMQP 0-9-1): <c>publish ImageIngested</c>, <c>ack</c>, and the broker's confirm as <c>done</c>.</summary>
internal sealed class AmqpWire : IWire
{
    // Type, channel and length before the payload, an end mark behind it. The client's first eight bytes name the protocol.
    private const int Header = 7, End = 1, ProtocolHeader = 8;

    private readonly List<byte> client = [], server = [];
    private bool greeted;

    public IReadOnlyList<string> FromClient(ReadOnlySpan<byte> bytes)
    {
        client.AddRange(bytes);
        if (!greeted && client.Count >= ProtocolHeader)
        {
            client.RemoveRange(0, ProtocolHeader);
            greeted = true;
        }
        return greeted ? [.. Methods(client).Select(Said).OfType<string>()] : [];
    }

    public IReadOnlyList<string> FromServer(ReadOnlySpan<byte> bytes)
    {
        server.AddRange(bytes);
        return [.. Methods(server).Where(method => IsBasic(method, 80)).Select(_ => "done")];
    }

    private static List<byte[]> Methods(List<byte> stream)
    {
        var methods = new List<byte[]>();
        while (stream.Count >= Header && BinaryPrimitives.ReadInt32BigEndian(stream.GetRange(3, 4).ToArray()) is var length && stream.Count >= Header + length + End)
        {
            if (stream[0] == 1)
                methods.Add([.. stream.GetRange(Header, length)]);
            stream.RemoveRange(0, Header + length + End);
        }
        return methods;
    }

    // basic.publish: class 60, method 40, two reserved bytes, then the exchange with its length. basic.ack: method 80.
    private static string? Said(byte[] method) =>
        IsBasic(method, 80) ? "ack" : IsBasic(method, 40) ? $"publish {Encoding.ASCII.GetString(method, 7, method[6]).Split(':')[^1]}" : null;

    private static bool IsBasic(byte[] method, int number) =>
        method.Length >= 4 && BinaryPrimitives.ReadInt16BigEndian(method) == 60 && BinaryPrimitives.ReadInt16BigEndian(method.AsSpan(2)) == number;
}
