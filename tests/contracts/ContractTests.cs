using System.Text.Json;
using System.Text.Json.Nodes;
using Assay.Contracts;
using MassTransit;
using MassTransit.Serialization;
using Shouldly;
using Xunit;

namespace Assay.Tests.Contracts;

/// <summary>The wire format. What is deployed today reads what was written yesterday and what will be written tomorrow.</summary>
public sealed class ContractTests
{
    // What the bus itself uses.
    private static readonly JsonSerializerOptions Wire = SystemTextJsonMessageSerializer.Options;

    public static TheoryData<string> Events => [.. EventTypes.Select(type => type.Name)];

    private static Type[] EventTypes => [.. typeof(IImageEvent).Assembly.GetExportedTypes()
        .Where(type => type == typeof(ObjectLanded) || type is { IsInterface: false } && type.IsAssignableTo(typeof(IImageEvent)))];

    private static Type TypeOf(string name) => EventTypes.Single(type => type.Name == name);

    private static string Example(string name) => File.ReadAllText(Path.Combine(Repository.Root, "contracts", "examples", $"{name}.v1.json"));

    private static object Read(string json, Type type) => JsonSerializer.Deserialize(json, type, Wire).ShouldNotBeNull();

    [Fact]
    public void No_type_is_renamed_moved_or_added_unnoticed() =>
        typeof(IImageEvent).Assembly.GetExportedTypes().Select(type => type.FullName).Order().ShouldBe([
            "Assay.Contracts.IImageEvent",
            "Assay.Contracts.ImageClassified",
            "Assay.Contracts.ImageCleansed",
            "Assay.Contracts.ImageEnriched",
            "Assay.Contracts.ImageIngested",
            "Assay.Contracts.ImageRejected",
            "Assay.Contracts.ModelIdentity",
            "Assay.Contracts.ObjectLanded",
            "Assay.Contracts.ObjectReference",
            "Assay.Contracts.Origin",
            "Assay.Contracts.PixelSize",
            "Assay.Contracts.RejectionReason",
        ]);

    [Fact]
    public void Every_event_has_an_example_and_every_example_an_event() =>
        Directory.GetFiles(Path.Combine(Repository.Root, "contracts", "examples")).Select(Path.GetFileName).Order()
            .ShouldBe(EventTypes.Select(type => $"{type.Name}.v1.json").Order());

    [Theory]
    [MemberData(nameof(Events))]
    public void The_example_of_version_1_is_still_read_and_written_field_by_field(string name)
    {
        var json = Example(name);
        var written = JsonSerializer.Serialize(Read(json, TypeOf(name)), TypeOf(name), Wire);
        // The bus leaves nulls out; in the example they show that the field exists.
        JsonNode.DeepEquals(WithoutNulls(JsonNode.Parse(written)), WithoutNulls(JsonNode.Parse(json))).ShouldBeTrue(written);
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void The_example_names_every_field_of_the_record(string name) =>
        JsonNode.Parse(Example(name))!.AsObject().Select(field => field.Key).Order()
            .ShouldBe(TypeOf(name).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Order());

    [Theory]
    [MemberData(nameof(Events))]
    public void A_field_that_a_later_version_added_is_ignored(string name)
    {
        var later = JsonNode.Parse(Example(name))!.AsObject();
        foreach (var part in later.Select(field => field.Value).OfType<JsonObject>().Append(later).ToArray())
            part["addedLater"] = new JsonObject { ["deep"] = new JsonArray(1, "two", null) };
        Read(later.ToJsonString(), TypeOf(name)).ShouldBe(Read(Example(name), TypeOf(name)));
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void An_optional_field_that_is_missing_is_null(string name)
    {
        if (TypeOf(name) == typeof(ObjectLanded))
            return;
        var old = JsonNode.Parse(Example(name))!;
        old["origin"]!.AsObject().Remove("batch");
        old["origin"]!.AsObject().Remove("userId");
        var origin = ((IImageEvent)Read(old.ToJsonString(), TypeOf(name))).Origin;
        (origin.Batch, origin.UserId).ShouldBe((null, null));
    }

    [Theory]
    [InlineData(nameof(ImageIngested))]
    [InlineData(nameof(ImageCleansed))]
    [InlineData(nameof(ImageEnriched))]
    public void An_event_from_before_twins_were_known_has_none(string name)
    {
        var old = JsonNode.Parse(Example(name))!;
        old.AsObject().Remove("twinOf").ShouldBeTrue();
        var type = TypeOf(name);
        var twin = type.GetProperty(nameof(ImageIngested.TwinOf)).ShouldNotBeNull();
        twin.GetValue(Read(old.ToJsonString(), type)).ShouldBeNull();
        twin.GetValue(Read(Example(name), type)).ShouldBe(Guid.Parse("019ca3f1-6c10-8d52-9e0b-31f7c84a6b05"));
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void Times_are_utc_on_both_sides(string name)
    {
        var message = Read(Example(name), TypeOf(name));
        foreach (var time in TypeOf(name).GetProperties().Where(property => property.PropertyType == typeof(DateTime)))
            ((DateTime)time.GetValue(message)!).Kind.ShouldBe(DateTimeKind.Utc, time.Name);
        if (message is IImageEvent image)
            (image.Origin.UploadedAt.Kind, image.Origin.IngestedAt.Kind).ShouldBe((DateTimeKind.Utc, DateTimeKind.Utc));
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void With_the_longest_key_that_s3_allows_a_message_stays_far_below_64_kib(string name)
    {
        // The worst that 1,024 bytes can do: each becomes six in JSON.
        var longest = new string('\u0001', 1024);
        var message = JsonNode.Parse(Example(name))!;
        Lengthen(message, longest);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(Read(message.ToJsonString(), TypeOf(name)), TypeOf(name), Wire);
        bytes.Length.ShouldBeGreaterThan(6 * 1024);
        // Room for the bus' own envelope and headers.
        bytes.Length.ShouldBeLessThan(56 * 1024);
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void Exchanges_are_named_after_the_type(string name) => MessageUrn.ForTypeString(TypeOf(name)).ShouldBe($"urn:message:Assay.Contracts:{name}");

    [Fact]
    public void Reason_codes_are_pinned() =>
        Preprocess.Silver.Reasons.Order().ShouldBe([
            "blocked-loader", "corrupt", "crashes-worker", "decode-timeout", "empty", "low-quality", "not-an-image", "too-many-bytes", "too-many-frames",
            "too-many-pixels", "truncated", "unsupported-format",
        ]);

    [Fact]
    public void The_readme_lists_every_event_and_every_reason_in_its_tables()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "contracts", "README.md"));
        foreach (var word in EventTypes.Select(type => type.Name).Concat(Preprocess.Silver.Reasons))
            readme.ShouldContain($"\n| `{word}` |");
    }

    // What an uploader can make long: names and keys. Buckets, codes and checksums are short by nature.
    private static void Lengthen(JsonNode node, string longest)
    {
        foreach (var (name, value) in node.AsObject().ToArray())
        {
            if (value is JsonObject)
                Lengthen(value, longest);
            else if (name is "key" or "rawName" or "rawPath" or "userId" or "batch" or "detail")
                node[name] = longest;
        }
    }

    private static JsonNode? WithoutNulls(JsonNode? node)
    {
        if (node is JsonObject fields)
        {
            foreach (var (name, value) in fields.ToArray())
                if (WithoutNulls(value) is null)
                    fields.Remove(name);
        }
        return node;
    }
}
