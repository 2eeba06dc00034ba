using System.Text;
using Assay.Platform.Messaging;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform.Messaging;

public sealed class FailedMessageTests
{
    [Fact]
    public void Hints_about_one_object_are_one_series_however_often_they_are_given()
    {
        var (first, second, other) = (Hint("a.jpg"), Hint("a.jpg"), Hint("b.jpg"));
        second.MessageId.ShouldNotBe(first.MessageId);
        Series(second).ShouldBe(Series(first));
        Series(other).ShouldNotBe(Series(first));
    }

    [Fact]
    public void A_text_is_kept_without_what_a_database_refuses()
    {
        var detail = $"{new string('x', 1999)}😀 and more";
        var failure = Hint("a.jpg").ToFact("Exception\0", detail, "trace \ud800 end", retryable: true, DateTime.UnixEpoch);
        (failure.Exception, failure.Detail, failure.Trace).ShouldBe(("Exception\uFFFD", $"{new string('x', 1999)}\uFFFD", "trace \uFFFD end"));
    }

    private static FailedMessage Hint(string key) => new(
        "ingest", Guid.NewGuid().ToString(),
        Encoding.UTF8.GetBytes($$$"""{"messageType":["urn:message:Assay.Contracts:ObjectLanded"],"message":{"source":"landing","bucket":"landing","key":"{{{key}}}"}}"""), null, null, 0);

    private static Guid Series(FailedMessage message) => message.ToFact("Exception", "detail", null, retryable: true, DateTime.UnixEpoch).Series;
}
