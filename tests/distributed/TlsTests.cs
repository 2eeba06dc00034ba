using System.Globalization;
using Assay.Tests.Classify;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>All three servers speak TLS, with certificates of the operator's own authority.</summary>
public sealed class TlsTests
{
    // What OpenSSL, and .NET with it, trusts besides the system's authorities.
    private const string Trusted = "SSL_CERT_FILE";

    [Fact]
    public async Task An_image_goes_through_all_stages_over_TLS_alone_and_an_authority_that_is_not_trusted_is_named()
    {
        using var authority = new TlsFront.Authority();
        await using var deployment = await Deployment.NewAsync();
        var settings = deployment.Settings;
        var s3 = Servers.S3().Endpoint;
        await using var broker = new TlsFront(authority, settings["ASSAY_BUS__HOST"], int.Parse(settings["ASSAY_BUS__PORT"], CultureInfo.InvariantCulture));
        await using var database = new TlsFront(authority, settings["ASSAY_CATALOG__HOST"], int.Parse(settings["ASSAY_CATALOG__PORT"], CultureInfo.InvariantCulture), isPostgres: true);
        await using var store = new TlsFront(authority, s3.Host, s3.Port);
        settings["ASSAY_BUS__HOST"] = settings["ASSAY_CATALOG__HOST"] = "localhost";
        settings["ASSAY_BUS__PORT"] = broker.Port.ToString(CultureInfo.InvariantCulture);
        settings["ASSAY_BUS__TLS"] = "true";
        settings["ASSAY_CATALOG__PORT"] = database.Port.ToString(CultureInfo.InvariantCulture);
        settings["ASSAY_CATALOG__SSLMODE"] = "VerifyFull";
        settings["ASSAY_OBJECTS__ENDPOINT"] = $"https://localhost:{store.Port}";
        settings[Trusted] = authority.RootFile;
        settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "* * * * * *";

        await deployment.SetupAsync();
        var steward = await deployment.StartAsync("Assay.Steward", ("ASSAY_STEWARD__INTERVAL", "00:00:00.500"));
        ServiceProcess[] services = [.. await deployment.StartAllAsync(), steward];
        await deployment.DropAsync("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        await deployment.AllEndAsync(1);
        await deployment.ShouldHaveClassifiedOnceAsync(1);
        foreach (var front in new[] { broker, database, store })
            front.Connections.ShouldBeGreaterThanOrEqualTo(services.Length);
        // The steward has connections of its own: one for its turn, and one to the broker each time that it asks for something.
        await Eventually.HoldsAsync("the steward is at work and reads the queues", async () =>
            steward.ToString().Contains("This steward is at work", StringComparison.Ordinal)
            && (await steward.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken)).Contains("assay_queue_depth{", StringComparison.Ordinal), details: steward.ToString);

        foreach (var service in services)
            (await service.StopAsync(TimeSpan.FromSeconds(30))).ExitCode.ShouldBe(0, service.ToString());
        steward.ToString().ShouldNotContain("A part of a round failed");

        (await FailAsync(deployment, (Trusted, "/dev/null"))).ShouldContain("certificate", Case.Insensitive);
        (await FailAsync(deployment, ("ASSAY_CATALOG__HOST", "127.0.0.1"))).ShouldContain("certificate", Case.Insensitive);
    }

    private static async Task<string> FailAsync(Deployment deployment, (string Name, string Value) setting)
    {
        await using var command = AssayProcess.Start("assay", new Dictionary<string, string>(deployment.Settings) { [setting.Name] = setting.Value }, ["status", "--deployed"]);
        var result = await command.ExitAsync(TimeSpan.FromMinutes(1));
        result.ExitCode.ShouldBe(1, command.ToString());
        return result.ErrorLines.ShouldHaveSingleItem();
    }
}
