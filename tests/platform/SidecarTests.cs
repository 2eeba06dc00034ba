using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Assay.Contracts;
using Assay.Platform.Objects;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform;

/// <summary>Sidecars lie beside images for years: what was written once must be read for ever, and be the same for programs that are not this one.</summary>
public sealed class SidecarTests
{
    private static readonly byte[] Stored = File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "platform", "sidecar.v1.json"));

    [Fact]
    public void A_stored_sidecar_is_read_and_written_back_byte_for_byte() =>
        Encoding.UTF8.GetString(Sidecar.Parse(Stored).ToJson()).ShouldBe(Encoding.UTF8.GetString(Stored));

    [Fact]
    public void It_says_what_there_is_to_know()
    {
        var sidecar = Sidecar.Parse(Stored);
        sidecar.UserId.ShouldBe("team-a");
        sidecar.UploadedAt.ShouldBe(new DateTime(2026, 3, 14, 9, 26, 53, DateTimeKind.Utc));
        sidecar.UploadedAt.Kind.ShouldBe(DateTimeKind.Utc);
        (sidecar.Raw.Name, sidecar.Raw.Width, sidecar.Raw.Height).ShouldBe(("Holiday.JPG", 4000, 3000));
        (sidecar.Cleansed.Width, sidecar.Cleansed.Height).ShouldBe((512, 384));
        sidecar.Metadata.CapturedAt!.Value.Kind.ShouldBe(DateTimeKind.Unspecified, "the camera's clock has no zone");
        sidecar.Metadata.Position.ShouldBe(new GeoPosition(43.4674483, 11.8851267, null));
        sidecar.Quality.Measurements.PerceptualHash.ShouldBe(0xF05F217E57837F91);
        sidecar.Quality.Verdicts.Select(verdict => verdict.Verdict).ShouldBe([QualityOutcome.Pass, QualityOutcome.Warn]);
        sidecar.Classifications.ShouldHaveSingleItem().Label.ShouldBe("photo");
    }

    [Fact]
    public void A_later_answer_replaces_an_earlier_one_of_the_same_model_and_stands_beside_those_of_others()
    {
        var sidecar = Sidecar.Parse(Stored) with { Classifications = [] };
        JsonNode.Parse(sidecar.ToJson())!["classifications"]!.AsArray().ShouldBeEmpty();
        var answer = new SidecarClassification(new ModelIdentity("m", "1", "00"), "cat", 0.5, false, DateTime.UnixEpoch);
        var other = answer with { Model = answer.Model with { Name = "a" }, Label = "indoors" };
        var answered = sidecar.WithAnswers(answer with { Label = "dog", Model = answer.Model with { Version = "0" } }).WithAnswers(other).WithAnswers(answer);
        Sidecar.Parse(answered.ToJson()).Classifications.ShouldBe([other, answer]);
        answered.ToJson().ShouldBe(sidecar.WithAnswers(answer, other).ToJson());
    }

    [Fact]
    public void A_member_that_a_later_version_added_is_ignored()
    {
        var later = JsonNode.Parse(Stored)!;
        later["addedLater"] = new JsonObject { ["x"] = 1 };
        later["metadata"]!["addedLater"] = true;
        Sidecar.Parse(Encoding.UTF8.GetBytes(later.ToJsonString())).ToJson().ShouldBe(Stored);
    }

    [Fact]
    public void Untrusted_names_survive_as_they_are_and_end_no_line()
    {
        var sidecar = Sidecar.Parse(Stored);
        const string name = "\"}\r\n<script>\u202E\u0000 東京 😀.jpg";
        var json = (sidecar with { Raw = sidecar.Raw with { Name = name } }).ToJson();
        Sidecar.Parse(json).Raw.Name.ShouldBe(name);
        json.Count(b => b == '\n').ShouldBe(Stored.Count(b => b == '\n'));
        json.ShouldNotContain((byte)'\r');
    }

    [Fact]
    public void The_path_of_an_object_is_bucket_and_key() =>
        Sidecar.PathOf(new ObjectReference(Layer.Silver, "assay-silver", "a/b.jpg", 1, "00")).ShouldBe("assay-silver/a/b.jpg");

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{ \"imageId\": 1 }")]
    [InlineData("\u00FF\u00D8\u00FF")]
    public void What_is_no_sidecar_is_a_json_error(string content) => Should.Throw<JsonException>(() => Sidecar.Parse(Encoding.Latin1.GetBytes(content)));
}
