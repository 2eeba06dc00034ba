using System.Globalization;
using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>Passwords and keys that are replaced while services run.</summary>
public sealed class RotatedSecretsTests
{
    [Fact]
    public async Task Services_go_on_without_a_restart_when_every_password_and_key_is_replaced()
    {
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "*/2 * * * * *";
        await deployment.SetupAsync();
        var login = deployment.Name;
        try
        {
            await deployment.QueryAsync($"CREATE ROLE {login} SUPERUSER LOGIN");
            var key = await ReplaceAsync(deployment, login, "first");
            await Servers.AdministerAsync(HttpMethod.Put, $"api/permissions/{deployment.Broker.VirtualHost}/{login}", new { configure = ".*", write = ".*", read = ".*" });
            deployment.Settings["ASSAY_BUS__USER"] = deployment.Settings["ASSAY_CATALOG__USER"] = login;
            ServiceProcess[] services = [.. await deployment.StartAllAsync(), await deployment.StartAsync("Assay.Steward")];
            await ShouldBeClassifiedAsync(deployment, "town.webp", 1);

            await ReplaceAsync(deployment, login, "second");
            await EndSessionsAsync(deployment, login, services.Length);
            await Servers.SuspendS3UserAsync(key);
            await ShouldBeClassifiedAsync(deployment, "chart-pie.png", 2);
            await Eventually.HoldsAsync("all are ready", () => ServiceProcess.AllAreAsync(services, HttpStatusCode.OK), details: deployment.Logs);
        }
        finally
        {
            await Servers.AdministerAsync(HttpMethod.Put, $"api/users/{login}", new { password = "", tags = "" });
            await Servers.AdministerAsync(HttpMethod.Delete, $"api/users/{login}");
            await deployment.QueryAsync($"DROP ROLE IF EXISTS {login}");
        }
    }

    // As an operator does: first at the servers, then in the files. Returns the access key.
    private static async Task<string> ReplaceAsync(Deployment deployment, string login, string secret)
    {
        await Servers.AdministerAsync(HttpMethod.Put, $"api/users/{login}", new { password = secret, tags = "" });
        await deployment.QueryAsync($"ALTER ROLE {login} PASSWORD '{secret}'");
        var key = await Servers.NewS3UserAsync($"{login}{secret}", $$"""
            { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::{{deployment.Name}}-*", "arn:aws:s3:::{{deployment.Name}}-*/*"] }] }
            """);
        deployment.WriteSecret("Bus__Password", secret);
        deployment.WriteSecret("Catalog__Password", secret);
        deployment.WriteSecret("Objects__AccessKey", key.AccessKey);
        deployment.WriteSecret("Objects__SecretKey", key.SecretKey);
        return key.AccessKey;
    }

    // Of each service: whoever goes on has logged in anew.
    private static async Task EndSessionsAsync(Deployment deployment, string login, int services)
    {
        await Eventually.HoldsAsync("each service has a connection to the broker", async () =>
            JsonDocument.Parse(await Servers.AdministerAsync(HttpMethod.Get, $"api/connections/username/{login}")).RootElement.GetArrayLength() >= services, details: deployment.Logs);
        await Servers.AdministerAsync(HttpMethod.Delete, $"api/connections/username/{login}");
        var ended = (await deployment.QueryAsync($"SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = '{login}'"))[0][0];
        Convert.ToInt64(ended, CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(services);
    }

    private static async Task ShouldBeClassifiedAsync(Deployment deployment, string sample, int images)
    {
        await deployment.DropAsync(sample, await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "samples", sample), TestContext.Current.CancellationToken));
        await Eventually.HoldsAsync($"{images} are classified", async () => await deployment.CountAsync("COUNT(*) FROM predictions") == images, TimeSpan.FromMinutes(2), deployment.Logs);
    }
}
