using System.Net;
using System.Text;
using Assay.Tests.Classify;
using Assay.Tests.Deploy;
using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Observability;

/// <summary>What a real Prometheus makes of services that work, and the dashboards of that.</summary>
public sealed class PrometheusTests
{
    // Of a machine that is busy with other tests these may be true.
    private static readonly string[] OfSlowness = ["AssayImagesLate", "AssayBacklogGrows", "AssayModelSlow"];

    // Of more than 20 within half an hour an alert says that they are many.
    private const int MostRejected = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Of_services_that_work_every_panel_shows_something_and_no_alert_of_a_fault_holds()
    {
        await Tools.RequireAsync("prometheus", "--version");
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "* * * * * *";
        deployment.Settings["ASSAY_STEWARD__INTERVAL"] = "00:00:01";
        await deployment.SetupAsync();
        var services = await Task.WhenAll(Accounts.Services.Select(async name =>
            (Name: name, Process: await deployment.StartAsync(ServiceProcess.ProgramOf(name)))));
        await using var prometheus = await PrometheusServer.StartAsync(services.ToDictionary(service => service.Name, service => service.Process));

        var panels = Panels().ToList();
        var (dropped, empty) = (0, panels);
        await Eventually.HoldsAsync("every panel shows something", async () =>
        {
            // Something must happen between two readings: a rate is nothing else.
            // Of a picture that is known already nobody asks a model.
            await deployment.DropAsync($"{dropped}.jpg", Picture.Plain(64 + dropped, 64, Picture.Red).Jpeg());
            using var upload = new ByteArrayContent(Picture.Plain(64, 65 + dropped, Picture.Red).Jpeg());
            using var answer = await services.First(service => service.Name == "ingest").Process.Http.PostAsync(new Uri("/v1/images", UriKind.Relative), upload, TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            if (dropped++ < MostRejected)
                await deployment.DropAsync($"{dropped}.txt", Encoding.ASCII.GetBytes("no picture"));
            var shown = await Task.WhenAll(panels.Select(async panel => (await prometheus.AskAsync(panel.Expression)).Any(value => value != "NaN")));
            empty = [.. panels.Where((_, i) => !shown[i])];
            return empty.Count == 0;
        }, Patience, () => $"Empty: {string.Join(", ", empty)}\n{deployment.Logs()}");

        (await prometheus.AskAsync("up{job!='rabbitmq'}")).ShouldBe(Enumerable.Repeat("1", services.Length));

        List<(string Name, string Health, string State)> alerts = [];
        await Eventually.HoldsAsync("all alerts have been judged, and none of a fault holds", async () =>
        {
            alerts = await prometheus.AlertsAsync();
            return alerts.TrueForAll(alert => alert.Health == "ok" && (alert.State == "inactive" || OfSlowness.Contains(alert.Name)));
        }, Patience, () => string.Join(", ", alerts));
        alerts.Select(alert => alert.Name).ShouldContain("AssayFailuresOpen");
        OfSlowness.ShouldBeSubsetOf(alerts.Select(alert => alert.Name));
    }

    // For all stages and models. Nothing has gone wrong here that would be announced again.
    private static IEnumerable<(string Title, string Expression)> Panels() =>
        from panel in Dashboard.Files.SelectMany(Dashboard.PanelsOf)
        where !panel.Expression.Contains("assay_steward_redrives_total", StringComparison.Ordinal)
        select (panel.Title, panel.Expression
            .Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$stage", ".*", StringComparison.Ordinal).Replace("$model", ".*", StringComparison.Ordinal));
}
