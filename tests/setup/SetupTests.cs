using Amazon.S3;
using Amazon.S3.Model;
using Assay.Tests.Distributed;
using Shouldly;
using Xunit;

namespace Assay.Tests.Setup;

/// <summary><c>assay setup</c> as an operator runs it, on real servers.</summary>
public sealed class SetupTests
{
    private static readonly string[] Layers = ["bronze", "silver", "gold", "quarantine", "landing"];
    private static readonly string[] Queues = ["ingest", "preprocess", "enrich", "classify", "s3-events", "dead-letter"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private const string ExpireDays = "ASSAY_INGEST__SOURCES__0__EXPIREDAYS";

    [Fact]
    public async Task The_first_run_makes_everything_and_says_so_and_the_second_changes_nothing()
    {
        await using var deployment = await Deployment.NewAsync();
        var arn = deployment.Settings["ASSAY_INGEST__NOTIFICATIONARN"] = await Servers.NewTopicAsync(deployment.Broker, "s3.events");
        deployment.Settings[ExpireDays] = "30";

        var first = (await deployment.SetupAsync()).OutputLines;

        first[0].ShouldStartWith("catalog: applied migration ");
        string[] buckets = [.. Layers.Select(name => $"objects: made bucket {deployment.Name}-{name}")];
        string[] queues = [.. Queues.Select(name => $"broker: made queue {name}")];
        first[1..^1].ShouldBe(
        [
            .. buckets, .. queues, $"objects: {deployment.Landing}/ announces new objects to {arn}", $"objects: {deployment.Landing}/ expires after 30 days",
        ]);
        first[^1].ShouldBe("Ready: 14 changes.");
        (await deployment.QueuesAsync()).Keys.ShouldBe(Queues, ignoreOrder: true);

        (await deployment.SetupAsync()).OutputLines.ShouldBe(["Everything was ready: nothing changed."]);
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
        await using var setup = AssayProcess.Start("assay", deployment.Settings, "setup");
        var result = await setup.ExitAsync(TimeSpan.FromMinutes(1));
        result.ExitCode.ShouldBe(1, setup.ToString());
        result.ErrorLines.ShouldHaveSingleItem().ShouldStartWith(sentence);
    }

    private static AmazonS3Client Client()
    {
        var server = Servers.S3();
        return new AmazonS3Client(server.AccessKey, server.SecretKey, new AmazonS3Config { ServiceURL = server.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });
    }
}
