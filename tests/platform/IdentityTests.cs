using Assay.Platform.Catalog;
using CsCheck;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform;

public sealed class IdentityTests
{
    private const string Source = "landing", Key = "team-a/2026-03/Holiday.JPG", Etag = "9b2cf535f27731c974343645a3985328";
    private static readonly DateTime Modified = new(2026, 3, 14, 9, 26, 53, DateTimeKind.Utc);

    private static readonly Gen<DateTime> Times = Gen.Long[0, 4_000_000_000].Select(seconds => DateTime.UnixEpoch.AddSeconds(seconds));

    [Fact]
    public void The_id_of_an_image_never_changes()
    {
        // Worked out in Python from the definition. Every object key and every fact of years hangs on it.
        var id = ImageIdentity.Of(Source, Key, Etag, Modified);
        id.ToString().ShouldBe("019cebab-8748-8a6d-a8ee-acf573b0d152");
        ImageIdentity.Derive(id, "silver").ToString().ShouldBe("019cebab-8748-8294-be12-cf2cae222c6b");
    }

    [Fact]
    public void An_event_that_knows_seconds_and_a_scan_that_knows_milliseconds_agree() =>
        Gen.Select(Times, Gen.Int[0, 999]).Sample((second, milliseconds) =>
            ImageIdentity.Of(Source, Key, Etag, second.AddMilliseconds(milliseconds)).ShouldBe(ImageIdentity.Of(Source, Key, Etag, second)));

    [Fact]
    public void It_is_a_uuid_of_version_8_and_the_standard_variant() =>
        Gen.Select(Gen.String, Gen.String, Times).Sample((key, etag, time) =>
        {
            var id = ImageIdentity.Of(Source, key, etag, time);
            (id.Version, id.Variant & 0xC).ShouldBe((8, 8));
        });

    [Fact]
    public void Ids_sort_as_text_and_as_bytes_by_the_time_of_the_object() =>
        Gen.Select(Times, Times, Gen.String, Gen.String).Sample((one, other, keyOfOne, keyOfOther) =>
        {
            if (one >= other)
                return;
            var (first, second) = (ImageIdentity.Of(Source, keyOfOne, Etag, one), ImageIdentity.Of(Source, keyOfOther, Etag, other));
            string.CompareOrdinal(first.ToString(), second.ToString()).ShouldBeLessThan(0);
            first.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(second.ToByteArray(bigEndian: true)).ShouldBeLessThan(0);
        });

    [Fact]
    public void Another_source_key_version_or_time_is_another_image()
    {
        Guid[] ids =
        [
            ImageIdentity.Of(Source, Key, Etag, Modified),
            ImageIdentity.Of("other", Key, Etag, Modified),
            ImageIdentity.Of(Source, Key + "2", Etag, Modified),
            ImageIdentity.Of(Source, Key, Etag + "2", Modified),
            ImageIdentity.Of(Source, Key, Etag, Modified.AddSeconds(1)),
            // The same letters, cut elsewhere.
            ImageIdentity.Of(Source + Key[0], Key[1..], Etag, Modified),
            ImageIdentity.Of(Source, Key + Etag[0], Etag[1..], Modified),
        ];
        ids.Distinct().Count().ShouldBe(ids.Length);
    }

    [Fact]
    public void What_belongs_to_an_image_sorts_with_it_and_is_something_else()
    {
        var image = ImageIdentity.Of(Source, Key, Etag, Modified);
        Guid[] derived =
            [image, ImageIdentity.Derive(image), ImageIdentity.Derive(image, "a"), ImageIdentity.Derive(image, "a", "b"), ImageIdentity.Derive(image, "ab")];
        derived.Distinct().Count().ShouldBe(derived.Length);
        derived.Select(id => id.ToString()[..13]).Distinct().ShouldBe([image.ToString()[..13]]);
        ImageIdentity.Derive(image, "a").ShouldBe(ImageIdentity.Derive(image, "a"));
    }

    [Fact]
    public void The_day_is_the_objects_day_in_utc() =>
        Times.Sample(time => ImageIdentity.DayOf(ImageIdentity.Of(Source, Key, Etag, time)).ShouldBe($"{time.Year:0000}/{time.Month:00}/{time.Day:00}"));

    [Fact]
    public void A_clock_that_was_never_set_gives_the_first_day_not_an_error() =>
        ImageIdentity.DayOf(ImageIdentity.Of(Source, Key, Etag, DateTime.MinValue)).ShouldBe("1970/01/01");
}
