using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Assay.Tests.Distributed;

/// <summary>A server that speaks TLS, with one that does not behind it. Its certificate is for <c>localhost</c>, from an authority of its own.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    // https://www.postgresql.org/docs/current/protocol-message-formats.html: SSLRequest is 8 bytes long, and 'S' is the server's yes.
    private const int PostgresRequestLength = 8;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Authority authority;
    private readonly string host;
    private readonly int port;
    private readonly bool isPostgres;
    private readonly Task accepting;
    private int connections;

    /// <summary>Listens at once.</summary>
    /// <param name="authority">Whose certificate it shows.</param>
    /// <param name="host">The server behind it.</param>
    /// <param name="port">Its port.</param>
    /// <param name="isPostgres">Whether clients ask for TLS in PostgreSQL's way first.</param>
    public TlsFront(Authority authority, string host, int port, bool isPostgres = false)
    {
        (this.authority, this.host, this.port, this.isPostgres) = (authority, host, port, isPostgres);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How many connections have spoken TLS.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await accepting;
        listener.Dispose();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> served = [];
        try
        {
            while (true)
                served.Add(ServeAsync(await listener.AcceptTcpClientAsync(stopping.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                var plain = client.GetStream();
                if (isPostgres)
                {
                    await plain.ReadExactlyAsync(new byte[PostgresRequestLength], stopping.Token);
                    await plain.WriteAsync("S"u8.ToArray(), stopping.Token);
                }
                await using var secure = new SslStream(plain);
                await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = authority.Certificate }, stopping.Token);
                Interlocked.Increment(ref connections);
                await server.ConnectAsync(host, port, stopping.Token);
                await using var behind = server.GetStream();
                await Task.WhenAny(secure.CopyToAsync(behind, stopping.Token), behind.CopyToAsync(secure, stopping.Token));
            }
            // A client that went away, or did not trust the certificate.
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
            }
        }
    }

    /// <summary>A certificate authority of a test, and the certificate for <c>localhost</c> that it has signed.</summary>
    internal sealed class Authority : IDisposable
    {
        private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("assay-authority-");

        public Authority()
        {
            var now = DateTimeOffset.UtcNow;
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=Assay test authority", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            using var root = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            File.WriteAllText(RootFile, root.ExportCertificatePem());

            using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var leaf = new CertificateRequest("CN=localhost", own, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            leaf.CertificateExtensions.Add(names.Build());
            using var signed = leaf.Create(root, now.AddDays(-1), now.AddDays(1), [1, 2, 3, 4]);
            Certificate = signed.CopyWithPrivateKey(own);
        }

        /// <summary>What the servers show.</summary>
        public X509Certificate2 Certificate { get; }

        /// <summary>What a client must trust, as PEM.</summary>
        public string RootFile => Path.Combine(folder.FullName, "root.pem");

        /// <inheritdoc/>
        public void Dispose()
        {
            Certificate.Dispose();
            folder.Delete(recursive: true);
        }
    }
}
