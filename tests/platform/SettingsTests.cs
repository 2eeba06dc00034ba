using Assay.Enrich;
using Assay.Ingest;
using Assay.Platform.Catalog;
using Assay.Platform.Hosting;
using Assay.Platform.Messaging;
using Assay.Platform.Objects;
using Assay.Preprocess;
using Assay.Steward;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform;

/// <summary>A program that is configured wrongly does not start, and says which variable to mend.</summary>
public sealed class SettingsTests
{
    // Upper case, as people write environment variables.
    private static T Read<T>(params (string Name, string Value)[] settings) where T : class, new()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting =>
            KeyValuePair.Create(setting.Name.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)));
        var read = builder.AddSettings<T>();
        builder.Services.BuildServiceProvider().GetRequiredService<T>().ShouldBeSameAs(read);
        return read;
    }

    private static string Refusal<T>(string name, string value) where T : class, new() => Should.Throw<SettingsException>(() => Read<T>((name, value))).Message;

    [Fact]
    public void Without_any_setting_but_passwords_the_defaults_hold_and_are_right()
    {
        Read<PreprocessOptions>().MaxSide.ShouldBe(512);
        Read<EnrichOptions>().KeepGps.ShouldBeFalse();
        Read<BusOptions>().Kind.ShouldBe(BusKind.RabbitMq);
        Read<ObjectsOptions>(("OBJECTS__ACCESSKEY", "key"), ("OBJECTS__SECRETKEY", "secret")).Kind.ShouldBe(ObjectsKind.S3);
        Read<CatalogOptions>(("CATALOG__PASSWORD", "secret")).Kind.ShouldBe(CatalogKind.Postgres);
        Read<IngestOptions>().ActiveSources.Count.ShouldBe(1);
    }

    [Fact]
    public void A_setting_is_read_from_its_section_whatever_its_case()
    {
        Read<PreprocessOptions>(("PREPROCESS__MAXSIDE", "300"), ("preprocess__decodetimeout", "00:00:02")).DecodeTimeout.ShouldBe(TimeSpan.FromSeconds(2));
        Read<EnrichOptions>(("ENRICH__BLOCKINGRULES__0", "blurred"), ("ENRICH__BLOCKINGRULES__1", "too-dark")).BlockingRules.ShouldBe(["blurred", "too-dark"]);
        Read<EnrichOptions>(("ENRICH__MAXASPECTRATIO", "2.5")).MaxAspectRatio.ShouldBe(2.5);
        Read<BusOptions>(("BUS__KIND", "inmemory")).Kind.ShouldBe(BusKind.InMemory);
        Read<IngestOptions>(("INGEST__SOURCES__0__NAME", "drop"), ("INGEST__SOURCES__0__BUCKET", "in")).ActiveSources.ShouldHaveSingleItem().Name.ShouldBe("drop");
    }

    [Fact]
    public void Out_of_range_names_the_variable_and_the_range()
    {
        Refusal<PreprocessOptions>("PREPROCESS__MAXSIDE", "5").ShouldBe("ASSAY_PREPROCESS__MAXSIDE is wrong: The field MaxSide must be between 16 and 4096.");
        Refusal<PreprocessOptions>("PREPROCESS__BACKGROUND", "white").ShouldBe(
            "ASSAY_PREPROCESS__BACKGROUND is wrong: Background must be #rrggbb, for instance #ffffff.");
        Refusal<PreprocessOptions>("PREPROCESS__DECODETIMEOUT", "00:00:00").ShouldStartWith("ASSAY_PREPROCESS__DECODETIMEOUT is wrong: ");
        Refusal<BusOptions>("BUS__PORT", "0").ShouldStartWith("ASSAY_BUS__PORT is wrong: ");
        Refusal<ObjectsOptions>("OBJECTS__BUCKETPREFIX", "Not A Bucket").ShouldStartWith("ASSAY_OBJECTS__BUCKETPREFIX is wrong: ");
        Refusal<CatalogOptions>("CATALOG__HOST", "").ShouldStartWith("ASSAY_CATALOG__HOST is wrong: ");
    }

    [Theory]
    [InlineData("s3")]
    [InlineData("s3:9000")]
    [InlineData("ftp://s3:9000")]
    public void An_address_that_is_not_of_the_web_is_refused(string address) =>
        Refusal<ObjectsOptions>("OBJECTS__ENDPOINT", address).ShouldBe($"ASSAY_OBJECTS__ENDPOINT is wrong: '{address}' does not begin with http:// or https://, as in http://127.0.0.1:9000.");

    [Theory]
    [InlineData("OBJECTS__ACCESSKEY", "half", "SECRETKEY")]
    [InlineData("OBJECTS__SECRETKEY", "half", "ACCESSKEY")]
    [InlineData("OBJECTS__KIND", "S3", "ACCESSKEY")]
    public void Half_a_key_to_the_object_store_or_none_is_refused(string name, string value, string missing) =>
        Refusal<ObjectsOptions>(name, value).ShouldStartWith($"ASSAY_OBJECTS__{missing} is wrong: ASSAY_OBJECTS__ACCESSKEY and ASSAY_OBJECTS__SECRETKEY are one key");

    [Fact]
    public void A_store_or_a_server_that_asks_for_no_key_is_told_so_with_empty_ones()
    {
        Read<ObjectsOptions>(("OBJECTS__ACCESSKEY", ""), ("OBJECTS__SECRETKEY", "")).AccessKey.ShouldBeEmpty();
        Read<CatalogOptions>(("CATALOG__PASSWORD", "")).Password.ShouldBeEmpty();
    }

    [Fact]
    public void A_password_of_PostgreSQL_that_is_not_set_is_refused() =>
        Refusal<CatalogOptions>("CATALOG__USER", "anna").ShouldBe("ASSAY_CATALOG__PASSWORD is wrong: there is none for the role anna. Set it to nothing if the server asks for none, or PGPASSFILE has it.");

    [Fact]
    public void A_time_without_colons_is_said_to_be_days() =>
        Refusal<StewardOptions>("STEWARD__INTERVAL", "300").ShouldEndWith(" It was read as 300 days: write hours:minutes:seconds, for instance 00:05:00.");

    [Fact]
    public void A_port_that_cannot_be_read_is_told_the_range() =>
        Refusal<BusOptions>("BUS__PORT", "amqp").ShouldBe("ASSAY_BUS__PORT is wrong: 'amqp' cannot be read as a whole number from 0 to 65,535.");

    // The binder would make the second source the only one.
    [Theory]
    [InlineData("INGEST__SOURCES__1__BULK", "true", "ASSAY_INGEST__SOURCES__1 is wrong: items are numbered from 0 without gaps, and there is no ASSAY_INGEST__SOURCES__0.")]
    [InlineData("INGEST__SOURCES__BULK__NAME", "old", "ASSAY_INGEST__SOURCES__BULK is wrong: items are numbered from 0 without gaps, and there is no ASSAY_INGEST__SOURCES__0.")]
    public void A_gap_in_the_numbers_of_a_list_is_refused(string name, string value, string refusal) => Refusal<IngestOptions>(name, value).ShouldBe(refusal);

    [Fact]
    public void A_rule_that_does_not_exist_is_refused_with_those_that_do() =>
        Refusal<EnrichOptions>("ENRICH__BLOCKINGRULES__0", "blury").ShouldStartWith(
            "ASSAY_ENRICH__BLOCKINGRULES is wrong: BlockingRules names 'blury', which is no quality rule. The rules are: too-small, ");

    [Fact]
    public void A_fault_inside_a_list_names_the_item() =>
        Refusal<IngestOptions>("INGEST__SOURCES__0__SCAN", "every day").ShouldStartWith(
            "ASSAY_INGEST__SOURCES__0__SCAN is wrong: 'every day' is not a cron expression.");

    [Theory]
    [InlineData("PREPROCESS__MAXSIDE", "many", "a whole number below 2,147,483,648")]
    [InlineData("PREPROCESS__MAXSIDE", "9999999999", "a whole number below 2,147,483,648")]
    [InlineData("PREPROCESS__MAXBYTES", "64 MiB", "a whole number")]
    [InlineData("PREPROCESS__DECODETIMEOUT", "soon", "a time in hours:minutes:seconds, for instance 00:00:08")]
    public void What_cannot_be_read_names_the_variable_the_value_and_what_would_be_right(string name, string value, string right) =>
        Refusal<PreprocessOptions>(name, value).ShouldBe($"ASSAY_{name} is wrong: '{value}' cannot be read as {right}.");

    [Fact]
    public void A_kind_that_does_not_exist_is_refused_with_those_that_do() =>
        Refusal<BusOptions>("BUS__KIND", "Kafka").ShouldBe("ASSAY_BUS__KIND is wrong: 'Kafka' cannot be read as RabbitMq or InMemory.");

    [Fact]
    public void A_section_that_does_not_exist_is_refused_with_those_that_do()
    {
        string[] right = ["PATH", "OTHER__NAME", "ASSAY_SHARED", "ASSAY_TEST_S3", "ASSAY_SECRETS_DIR", "ASSAY_BUS__HOST", "assay_classify__model"];
        Settings.RequireSections(right);
        Should.Throw<SettingsException>(() => Settings.RequireSections([.. right, "ASSAY_CLASSIFI__MODEL"])).Message.ShouldStartWith(
            "ASSAY_CLASSIFI__MODEL is not a setting: what comes before the two underscores must be ASSAY_BUS, ");
        Should.Throw<SettingsException>(() => Settings.RequireSections(["ASSAY__HOST"])).Message.ShouldStartWith("ASSAY__HOST is not a setting: ");
    }

    [Theory]
    [InlineData("PREPROCESS__MAXSIED", "ASSAY_PREPROCESS__MAXSIED is not a setting")]
    [InlineData("PREPROCESS__MAX_SIDE", "ASSAY_PREPROCESS__MAX_SIDE is not a setting")]
    public void A_name_that_does_not_exist_is_refused_not_ignored(string name, string message) =>
        Refusal<PreprocessOptions>(name, "300").ShouldStartWith(message);

    [Fact]
    public void An_unknown_name_inside_a_list_is_refused_too() =>
        Should.Throw<SettingsException>(() => Read<IngestOptions>(("INGEST__SOURCES__0__BUKKET", "in"))).Message
            .ShouldStartWith("ASSAY_INGEST__SOURCES__0__BUKKET is not a setting: ASSAY_INGEST__SOURCES__0__ has NAME, BUCKET, ");
}
