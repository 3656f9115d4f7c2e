using Conductor.Console.Components;

namespace Conductor.Console.Tests.Components;

public sealed class StatusLookTests
{
    [Theory]
    [InlineData("FAILED_WITH_TERMINAL_ERROR", "failed", "failed with terminal error")]
    [InlineData("IN_PROGRESS", "running", "in progress")]
    [InlineData("Provisioning", "pending", "provisioning")]
    [InlineData("SomethingNew", "stopped", "something new")]
    public void A_status_is_a_word_a_shape_and_a_colour(string status, string css, string text)
    {
        var look = StatusLook.Of(status)!;
        (look.Css, look.Text).ShouldBe((css, text));
        look.Icon.ShouldNotBeEmpty();
    }

    [Fact]
    public void No_status_is_no_look() => StatusLook.Of("").ShouldBeNull();

    [Theory]
    [InlineData(0.45, "450 ms")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(75, "1 m 15 s")]
    [InlineData(3_700, "1 h 01 m")]
    [InlineData(200_000, "2 d 7 h")]
    public void Durations_are_short(double seconds, string text) => Spans.Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(text);
}
