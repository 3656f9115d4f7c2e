using Conductor.Domain.Workflows.Limits;
using FsCheck;
using FsCheck.Fluent;

namespace Conductor.Domain.Tests.Workflows.Limits;

public sealed class TextLimitsTests
{
    [Fact]
    public void What_no_text_may_be_is_told()
    {
        TextLimits.Problem("abcde", 4).ShouldBe("is 5 characters long; at most 4 are allowed");
        TextLimits.Problem("a\0", 4).ShouldBe("must not hold the character NUL");
        foreach (var half in new[] { "\uD83D", "\uDE00\uD83D", "a\uD83Da" }) TextLimits.Problem(half, 4).ShouldBe("must not hold half of a surrogate pair");
        TextLimits.Problem("\uD83D\uDE00é", 4).ShouldBeNull();
    }

    [Fact]
    public void A_fitted_text_has_no_problem() => Prop.ForAll<char[], byte>((text, longest) =>
        TextLimits.Problem(TextLimits.Fitted(new string(text), longest), longest) is null).QuickCheckThrowOnFailure();
}
