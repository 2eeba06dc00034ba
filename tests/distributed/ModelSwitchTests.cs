using Assay.Platform.Objects;
using Assay.Tests.Classify;
using Shouldly;
using Xunit;

namespace Assay.Tests.Distributed;

/// <summary>Models change while images are under way.</summary>
public sealed class ModelSwitchTests
{
    private const int Photos = 150;

    private static readonly TimeSpan SwitchesWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Under_load_every_replica_loads_the_next_model_within_10_seconds_and_the_one_before_again_and_no_answer_is_lost_or_given_twice()
    {
        await using var deployment = await Deployment.NewAsync();
        // All lie there from the beginning, and come when they are announced.
        deployment.Settings["ASSAY_INGEST__SOURCES__0__SCAN"] = "";
        using var next = Next();
        await deployment.SetupAsync();
        var services = await deployment.StartAllAsync();
        ServiceProcess[] replicas = [services[3], await deployment.StartAsync("Assay.Classify")];
        await CommandAsync(deployment, "models", "add", next.Path);
        await CommandAsync(deployment, "models", "shadow", "tiny", "2.0.0");
        var parts = (await deployment.DropPhotographsAsync(Photos)).Chunk(Photos / 6).ToList();

        // A part before, a part while and a part after the command runs: however fast the machine, there are images under way at each moment.
        await deployment.AnnounceAsync(parts[0]);
        await Eventually.HoldsAsync("some are classified", async () => await AnswersAsync(deployment, "active", "1.0.0") > Photos / 10, details: deployment.Logs);
        await deployment.AnnounceAsync(parts[1]);
        await CommandAsync(deployment, "models", "activate", "tiny", "2.0.0");
        await deployment.AnnounceAsync(parts[2]);
        await ShouldUseAsync("2.0.0", times: 1);
        await deployment.AllEndAsync(3 * Photos / 6);
        var (first, second) = (await AnswersAsync(deployment, "active", "1.0.0"), await AnswersAsync(deployment, "active", "2.0.0"));

        await deployment.AnnounceAsync(parts[3]);
        await deployment.AllEndAsync(4 * Photos / 6);
        (await AnswersAsync(deployment, "active", "1.0.0")).ShouldBe(first, deployment.Logs());
        (await AnswersAsync(deployment, "active", "2.0.0")).ShouldBe(second + Photos / 6, deployment.Logs());

        // Going back is the same command.
        await deployment.AnnounceAsync(parts[4]);
        await CommandAsync(deployment, "models", "activate", "tiny", "1.0.0");
        await ShouldUseAsync("1.0.0", times: 2);
        await deployment.AllEndAsync(5 * Photos / 6);
        (first, second) = (await AnswersAsync(deployment, "active", "1.0.0"), await AnswersAsync(deployment, "active", "2.0.0"));
        await deployment.AnnounceAsync(parts[5]);
        await deployment.AllEndAsync(Photos);
        (await AnswersAsync(deployment, "active", "1.0.0")).ShouldBe(first + Photos / 6, deployment.Logs());
        (await AnswersAsync(deployment, "active", "2.0.0")).ShouldBe(second, deployment.Logs());
        await deployment.ShouldHaveClassifiedOnceAsync(Photos);
        // What was only watched was recorded all the same, and counts for nothing.
        (await AnswersAsync(deployment, "shadow", "2.0.0")).ShouldBeGreaterThan(0, deployment.Logs());
        (await deployment.CountAsync("COUNT(*) FROM current_labels")).ShouldBe(Photos);
        await Eventually.HoldsAsync("the queues are empty", async () => (await deployment.QueuesAsync()).Values.All(waiting => waiting == 0), details: deployment.Logs);

        Task ShouldUseAsync(string version, int times) => Eventually.HoldsAsync(
            $"every replica has loaded {version}", () => replicas.All(replica => replica.ToString().Split($"Model tiny {version} is loaded and active").Length == times + 1), SwitchesWithin, deployment.Logs);
    }

    [Fact]
    public async Task A_package_that_was_damaged_does_not_stop_the_model_that_answers()
    {
        await using var deployment = await Deployment.NewAsync();
        using var next = Next();
        await deployment.SetupAsync();
        var services = await deployment.StartAllAsync();
        await CommandAsync(deployment, "models", "add", next.Path);
        var model = await deployment.QueryAsync("SELECT package_sha256 FROM models WHERE version = '2.0.0'");
        await using (var damage = new MemoryStream([1, 2, 3]))
            await deployment.Objects.WriteAsync($"{deployment.Name}-{Layer.Models}", $"tiny/2.0.0/{model[0][0]}/model.onnx", damage, damage.Length, "application/octet-stream", null, TestContext.Current.CancellationToken);
        await using (var refused = AssayProcess.Start("assay", deployment.Settings, "models", "activate", "tiny", "2.0.0", "--deployed"))
            (await refused.ExitAsync(TimeSpan.FromMinutes(1))).Error.ShouldContain("sha256", customMessage: refused.ToString());
        // As if it had been damaged only after it was activated.
        await deployment.QueryAsync("""
            INSERT INTO model_transitions (name, number, version, state, changed_by, changed_at)
            VALUES ('tiny', 4, '1.0.0', 'retired', 'a test', now()), ('tiny', 5, '2.0.0', 'active', 'a test', now())
            """);
        await Eventually.HoldsAsync("it is said", () => services.Any(service => service.ToString().Contains("Model tiny 2.0.0 is active and cannot be loaded", StringComparison.Ordinal)), details: deployment.Logs);

        await deployment.DropAsync("red.jpg", Picture.Plain(50, 50, Picture.Red).Jpeg());
        await deployment.AnnounceAsync("red.jpg");
        await Eventually.HoldsAsync("it is classified", async () => await AnswersAsync(deployment, "active", "1.0.0") == 1, details: deployment.Logs);

        // Going back is the same command as always.
        await CommandAsync(deployment, "models", "activate", "tiny", "1.0.0");
        (await deployment.CountAsync("COUNT(*) FROM model_transitions")).ShouldBe(7);
    }

    private static PackageFolder Next() => PackageFolder.With(change: manifest => manifest with { Version = "2.0.0" });

    private static Task<long> AnswersAsync(Deployment deployment, string role, string version) =>
        deployment.CountAsync($"COUNT(*) FROM predictions WHERE role = '{role}' AND model_version = '{version}'");

    private static async Task CommandAsync(Deployment deployment, params string[] arguments)
    {
        await using var command = AssayProcess.Start("assay", deployment.Settings, [.. arguments, "--deployed"]);
        var result = await command.ExitAsync(TimeSpan.FromMinutes(1));
        result.ExitCode.ShouldBe(0, command.ToString());
    }
}
