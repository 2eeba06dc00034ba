using Amazon.S3;
using Amazon.S3.Model;
using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Setup;

/// <summary><c>assay setup</c> as an operator runs it, on real servers.</summary>
public sealed class SetupTests
{
    private static readonly string[] Layers = ["bronze", "silver", "gold", "quarantine", "models", "landing"];
    private static readonly string[] Queues = ["ingest", "ingest-bulk", "preprocess", "preprocess-bulk", "enrich", "enrich-bulk", "classify", "classify-bulk", "s3-events", "classify-shadow", "dead-letter"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private const string ExpireDays = "ASSAY_INGEST__SOURCES__0__EXPIREDAYS";

    private const string Applied = "catalog: applied migration ";

    private const string Nothing = "Everything was ready: nothing changed.";

    [Fact]
    public async Task The_first_run_makes_everything_and_says_so_and_the_second_changes_nothing()
    {
        await using var deployment = await Deployment.NewAsync();
        var arn = deployment.Settings["ASSAY_INGEST__NOTIFICATIONARN"] = await Servers.NewTopicAsync(deployment.Broker, "s3.events");
        deployment.Settings[ExpireDays] = "30";

        var first = (await deployment.SetupAsync()).OutputLines;

        var migrations = first.TakeWhile(line => line.StartsWith(Applied, StringComparison.Ordinal)).Count();
        migrations.ShouldBeGreaterThan(0);
        string[] buckets = [.. Layers.Select(name => $"objects: made bucket {deployment.Name}-{name}")];
        string[] queues = [.. Queues.Select(name => $"broker: made queue {name}")];
        first[migrations..^1].ShouldBe(
        [
            .. buckets, "models: registered model tiny 1.0.0", "models: model tiny 1.0.0 is active", .. queues, $"objects: {deployment.Landing}/ announces new objects to {arn}", $"objects: {deployment.Landing}/ expires after 30 days",
        ]);
        first[^1].ShouldBe($"Ready: {migrations + 21} changes.");
        (await deployment.QueuesAsync()).Keys.ShouldBe(Queues, ignoreOrder: true);

        (await deployment.SetupAsync()).OutputLines.ShouldBe([Nothing]);
    }

    [Fact]
    public async Task A_changed_setting_changes_just_what_it_is_about()
    {
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__NOTIFICATIONARN"] = await Servers.NewTopicAsync(deployment.Broker, "s3.events");
        deployment.Settings[ExpireDays] = "30";
        await deployment.SetupAsync();

        deployment.Settings[ExpireDays] = "7";
        (await deployment.SetupAsync()).OutputLines[..^1].ShouldBe([$"objects: {deployment.Landing}/ expires after 7 days"]);
        deployment.Settings[ExpireDays] = "0";
        (await deployment.SetupAsync()).OutputLines[..^1].ShouldBe([$"objects: {deployment.Landing}/ expires no more"]);
        deployment.Settings["ASSAY_INGEST__SOURCES__0__PREFIX"] = "in/";
        (await deployment.SetupAsync()).OutputLines[..^1].ShouldBe([$"objects: {deployment.Landing}/in/ announces new objects to {deployment.Settings["ASSAY_INGEST__NOTIFICATIONARN"]}"]);

        using var s3 = Client();
        (await s3.GetBucketNotificationAsync(deployment.Landing, Token)).TopicConfigurations.ShouldHaveSingleItem().Filter.S3KeyFilter.FilterRules.ShouldHaveSingleItem().Value.ShouldBe("in/");
    }

    [Fact]
    public async Task What_others_have_configured_on_a_landing_bucket_stays()
    {
        await using var deployment = await Deployment.NewAsync();
        var (ours, theirs) = (await Servers.NewTopicAsync(deployment.Broker, "s3.events"), await Servers.NewTopicAsync(deployment.Broker, "s3.events"));
        await deployment.Objects.MakeBucketAsync(deployment.Landing, Token);
        using var s3 = Client();
        await s3.PutBucketNotificationAsync(new PutBucketNotificationRequest
        {
            BucketName = deployment.Landing,
            TopicConfigurations = [new TopicConfiguration { Id = "theirs", Topic = theirs, Events = [EventType.ObjectRemovedAll] }],
        }, Token);
        await s3.PutLifecycleConfigurationAsync(deployment.Landing, new LifecycleConfiguration
        {
            Rules =
            [
                new LifecycleRule
                {
                    Id = "theirs",
                    Status = LifecycleRuleStatus.Enabled,
                    Filter = new LifecycleFilter { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = "tmp/" } },
                    Expiration = new LifecycleRuleExpiration { Days = 1 },
                },
            ],
        }, Token);
        deployment.Settings["ASSAY_INGEST__NOTIFICATIONARN"] = ours;
        deployment.Settings[ExpireDays] = "30";

        await deployment.SetupAsync();

        (await s3.GetBucketNotificationAsync(deployment.Landing, Token)).TopicConfigurations.Select(topic => (topic.Id, topic.Topic))
            .ShouldBe([("theirs", theirs), ("assay-landing", ours)], ignoreOrder: true);
        (await s3.GetLifecycleConfigurationAsync(deployment.Landing, Token)).Configuration.Rules.Select(rule => (rule.Id, rule.Expiration.Days))
            .ShouldBe([("theirs", 1), ("assay-expire-landing", 30)], ignoreOrder: true);

        deployment.Settings[ExpireDays] = "0";
        await deployment.SetupAsync();
        (await s3.GetLifecycleConfigurationAsync(deployment.Landing, Token)).Configuration.Rules.ShouldHaveSingleItem().Id.ShouldBe("theirs");
    }

    [Fact]
    public async Task A_new_prefix_moves_what_is_announced_and_what_expires_and_a_new_address_only_the_first()
    {
        await using var deployment = await Deployment.NewAsync();
        var (first, second) = (await Servers.NewTopicAsync(deployment.Broker, "s3.events"), await Servers.NewTopicAsync(deployment.Broker, "s3.events"));
        deployment.Settings["ASSAY_INGEST__NOTIFICATIONARN"] = first;
        deployment.Settings[ExpireDays] = "30";
        await deployment.SetupAsync();

        deployment.Settings["ASSAY_INGEST__SOURCES__0__PREFIX"] = "in/";
        (await deployment.SetupAsync()).OutputLines[..^1].ShouldBe(
            [$"objects: {deployment.Landing}/in/ announces new objects to {first}", $"objects: {deployment.Landing}/in/ expires after 30 days"]);
        (await deployment.SetupAsync()).OutputLines.ShouldBe([Nothing]);
        deployment.Settings["ASSAY_INGEST__NOTIFICATIONARN"] = second;
        (await deployment.SetupAsync()).OutputLines[..^1].ShouldBe([$"objects: {deployment.Landing}/in/ announces new objects to {second}"]);

        (await deployment.SetupAsync()).OutputLines.ShouldBe([Nothing]);
        using var s3 = Client();
        // Not "is": Ceph adds to a bucket's notifications where S3 would replace them.
        (await s3.GetBucketNotificationAsync(deployment.Landing, Token)).TopicConfigurations.ShouldContain(topic => topic.Topic == second && topic.Id == "assay-landing");
        var rule = (await s3.GetLifecycleConfigurationAsync(deployment.Landing, Token)).Configuration.Rules.ShouldHaveSingleItem();
        (rule.Filter.LifecycleFilterPredicate.ShouldBeOfType<LifecyclePrefixPredicate>().Prefix, rule.Expiration.Days).ShouldBe(("in/", 30));
    }

    [Fact]
    public async Task Two_sources_share_a_bucket()
    {
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings["ASSAY_INGEST__NOTIFICATIONARN"] = await Servers.NewTopicAsync(deployment.Broker, "s3.events");
        foreach (var (source, name, days) in new[] { (0, "camera", "7"), (1, "scanner", "30") })
        {
            deployment.Settings[$"ASSAY_INGEST__SOURCES__{source}__NAME"] = name;
            deployment.Settings[$"ASSAY_INGEST__SOURCES__{source}__BUCKET"] = deployment.Landing;
            deployment.Settings[$"ASSAY_INGEST__SOURCES__{source}__PREFIX"] = $"{name}/";
            deployment.Settings[$"ASSAY_INGEST__SOURCES__{source}__EXPIREDAYS"] = days;
        }
        await deployment.SetupAsync();
        (await deployment.SetupAsync()).OutputLines.ShouldBe([Nothing]);

        using var s3 = Client();
        (await s3.GetBucketNotificationAsync(deployment.Landing, Token)).TopicConfigurations.Select(topic => topic.Id).ShouldBe(["assay-camera", "assay-scanner"], ignoreOrder: true);
        (await s3.GetLifecycleConfigurationAsync(deployment.Landing, Token)).Configuration.Rules.Select(rule => (rule.Id, rule.Expiration.Days))
            .ShouldBe([("assay-expire-camera", 7), ("assay-expire-scanner", 30)], ignoreOrder: true);
    }

    [Fact]
    public async Task What_somebody_has_switched_off_or_removed_is_put_right()
    {
        await using var deployment = await Deployment.NewAsync();
        deployment.Settings[ExpireDays] = "30";
        await deployment.SetupAsync();
        using var s3 = Client();
        var rules = (await s3.GetLifecycleConfigurationAsync(deployment.Landing, Token)).Configuration;
        rules.Rules.ShouldHaveSingleItem().Status = LifecycleRuleStatus.Disabled;
        await s3.PutLifecycleConfigurationAsync(deployment.Landing, rules, Token);
        await s3.DeleteBucketAsync($"{deployment.Name}-silver", Token);
        await Servers.AdministerAsync(HttpMethod.Delete, $"api/queues/{deployment.Broker.VirtualHost}/enrich");

        (await deployment.SetupAsync()).OutputLines.ShouldBe(
        [
            $"objects: made bucket {deployment.Name}-silver", "broker: made queue enrich", $"objects: {deployment.Landing}/ expires after 30 days", "Ready: 3 changes.",
        ]);

        (await s3.GetLifecycleConfigurationAsync(deployment.Landing, Token)).Configuration.Rules.ShouldHaveSingleItem().Status.ShouldBe(LifecycleRuleStatus.Enabled);
        (await deployment.SetupAsync()).OutputLines.ShouldBe([Nothing]);
    }

    // As the pods of one deployment would run it.
    [Fact]
    public async Task Several_can_run_at_once()
    {
        await using var deployment = await Deployment.NewAsync();
        var runs = await Task.WhenAll(deployment.SetupAsync(), deployment.SetupAsync(), deployment.SetupAsync());
        // Each by one of them.
        string[] applied = [.. runs.SelectMany(run => run.OutputLines).Where(line => line.StartsWith(Applied, StringComparison.Ordinal))];
        applied.ShouldNotBeEmpty();
        (await deployment.CountAsync("COUNT(*) FROM \"__EFMigrationsHistory\"")).ShouldBe(applied.Length);
        (await deployment.SetupAsync()).OutputLines.ShouldBe([Nothing]);
    }

    private static AmazonS3Client Client()
    {
        var server = Servers.S3();
        return new AmazonS3Client(server.AccessKey, server.SecretKey, new AmazonS3Config { ServiceURL = server.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });
    }
}
