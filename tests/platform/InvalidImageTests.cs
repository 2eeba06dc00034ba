using Assay.Contracts;
using Assay.Platform.Messaging;
using Shouldly;
using Xunit;

namespace Assay.Tests.Platform;

public sealed class InvalidImageTests
{
    [Fact]
    public void A_rejection_says_its_code_and_its_sentence() =>
        new InvalidImageException(RejectionReason.Empty, "The file has no bytes.").Message.ShouldBe("empty: The file has no bytes.");
}
