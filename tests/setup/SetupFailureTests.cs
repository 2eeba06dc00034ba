using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Setup;

/// <summary>What <c>assay setup</c> says when it cannot do its work: one sentence that names what is wrong.</summary>
public sealed class SetupFailureTests
{
    [Theory]
    [InlineData("ASSAY_CATALOG__PORT", "1", "The catalog ")]
    [InlineData("ASSAY_CATALOG__USER", "nobody", "The catalog nobody@")]
    [InlineData("ASSAY_OBJECTS__ENDPOINT", "http://127.0.0.1:1", "The object store http://127.0.0.1:1/ refuses bucket ")]
    [InlineData("ASSAY_OBJECTS__ACCESSKEY", "nobody", "The object store ")]
    [InlineData("ASSAY_BUS__PORT", "1", "The broker 127.0.0.1:1 ")]
    [InlineData("ASSAY_BUS__USER", "nobody", "The broker ")]
    public async Task A_server_that_is_away_or_refuses_is_named_in_one_sentence(string setting, string value, string sentence)
    {
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings[setting] = value;
        await ShouldFailAsync(deployment, sentence);
    }

    [Theory]
    [InlineData("Catalog__Password", "The catalog ")]
    [InlineData("Objects__SecretKey", "The object store ")]
    [InlineData("Bus__Password", "The broker ")]
    public async Task A_wrong_password_is_a_refusal_and_is_not_shown(string secret, string sentence)
    {
        await using var deployment = await Deployment.NewAsync();
        await File.WriteAllTextAsync(Path.Combine(deployment.Settings["ASSAY_SECRETS_DIR"], secret), "open-sesame", TestContext.Current.CancellationToken);
        (await ShouldFailAsync(deployment, sentence)).ShouldNotContain("open-sesame");
    }

    // A firewall that drops packets, or a server that has stopped: the connection is made, and nothing comes.
    [Theory]
    [InlineData("CATALOG", "The catalog ")]
    [InlineData("OBJECTS", "The object store ")]
    [InlineData("BUS", "The broker ")]
    public async Task A_server_that_says_nothing_is_not_waited_for_for_ever(string server, string sentence)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_CATALOG__TIMEOUTSECONDS"] = "2";
        deployment.Settings["ASSAY_OBJECTS__TIMEOUTSECONDS"] = "2";
        if (server == "OBJECTS")
            deployment.Settings["ASSAY_OBJECTS__ENDPOINT"] = $"http://127.0.0.1:{port}";
        else
            deployment.Settings[$"ASSAY_{server}__PORT"] = port;
        await ShouldFailAsync(deployment, sentence);
    }

    [Theory]
    [InlineData("enrich", false)]
    [InlineData("dead-letter", false)]
    [InlineData("preprocess", true)]
    public async Task A_queue_that_somebody_has_made_otherwise_is_named(string queue, bool afterwards)
    {
        await using var deployment = await Deployment.NewAsync();
        if (afterwards)
        {
            await deployment.SetupAsync();
            await Servers.AdministerAsync(HttpMethod.Delete, $"api/queues/{deployment.Broker.VirtualHost}/{queue}");
        }
        await Servers.AdministerAsync(HttpMethod.Put, $"api/queues/{deployment.Broker.VirtualHost}/{queue}", new { durable = true });

        var line = await ShouldFailAsync(deployment, "The broker ");

        line.ShouldContain($"'{queue}'");
        line.ShouldEndWith("Delete it once it is empty; setup makes it anew.");
        await Servers.AdministerAsync(HttpMethod.Delete, $"api/queues/{deployment.Broker.VirtualHost}/{queue}");
        (await deployment.SetupAsync()).Output.ShouldContain($"broker: made queue {queue}\n");
    }

    [Theory]
    [InlineData("ASSAY_INGEST__SOURCES__0__EXPIREDAYS", "-1")]
    [InlineData("ASSAY_INGEST__SOURCES__0__EXPIREDAYS", "soon")]
    [InlineData("ASSAY_INGEST__SOURCES__0__EXPIRES", "7")]
    [InlineData("ASSAY_INGEST__SOURCES__0__SCAN", "often")]
    [InlineData("ASSAY_INGEST__UPLOADSOURCE", "nowhere")]
    [InlineData("ASSAY_CATALOG__KIND", "Oracle")]
    [InlineData("ASSAY_CATALOG__PORT", "70000")]
    [InlineData("ASSAY_CATALOG__PASSWORT", "secret")]
    [InlineData("ASSAY_BUS__HOST", "")]
    [InlineData("ASSAY_BUS__KIND", "Carrier pigeon")]
    [InlineData("ASSAY_OBJECTS__ENDPOINT", "http://:")]
    [InlineData("ASSAY_OBJECTS__ENDPOINT", "s3:9000")]
    [InlineData("ASSAY_PREPROCESS__MAXSIDE", "1")]
    [InlineData("ASSAY_ENRICH__MINSHARPNESS", "much")]
    [InlineData("ASSAY_CLASSIFY__MODEL", "")]
    [InlineData("ASSAY_STEWARD__INTERVAL", "5min")]
    [InlineData("ASSAY_OBJECTS__BUCKETPREFIX", "Assay_")]
    public async Task A_wrong_setting_is_named_before_anything_is_asked_of_a_server(string setting, string value)
    {
        await using var setup = AssayProcess.Start("assay", new Dictionary<string, string>(Deployment.UnusedSecrets) { [setting] = value }, "setup");
        var result = await setup.ExitAsync(TimeSpan.FromMinutes(1));
        result.ExitCode.ShouldBe(2, setup.ToString());
        result.ErrorLines.ShouldHaveSingleItem().ShouldStartWith($"{setting} is ");
        result.Output.ShouldBeEmpty();
    }

    private static async Task<string> ShouldFailAsync(Deployment deployment, string sentence)
    {
        await using var setup = AssayProcess.Start("assay", deployment.Settings, "setup");
        var result = await setup.ExitAsync(TimeSpan.FromMinutes(1));
        result.ExitCode.ShouldBe(1, setup.ToString());
        var line = result.ErrorLines.ShouldHaveSingleItem();
        line.ShouldStartWith(sentence);
        return line;
    }
}
