using Conductor.Domain.Recoverability.Failures;
using Conductor.Domain.Recoverability.Grouping;

namespace Conductor.Domain.Tests.Recoverability.Grouping;

public sealed class FailureGroupTests
{
    [Theory]
    [InlineData("   at System.Net.Http.HttpClient.Send(Object o)\n   at Shop.Card.Charge(Guid id, Decimal amount) in /src/Card.cs:line 12", "Shop.Card.Charge")]
    [InlineData("   at Shop.Card.<ChargeAsync>d__7.MoveNext() in /src/Card.cs:line 12\n--- End of stack trace ---", "Shop.Card.ChargeAsync")]
    [InlineData("   at Shop.Card.<>c__DisplayClass1_0.<Charge>b__2(Object o)", "Shop.Card.Charge")]
    [InlineData("   at Shop.Card.<>c.<Charge>b__2_0(Object o)", "Shop.Card.Charge")]
    [InlineData("   at Shop.Card.<<Charge>g__Inner|0>d.MoveNext()", "Shop.Card.Charge")]
    [InlineData("   at Shop.Outer+Inner.Charge()", "Shop.Outer.Inner.Charge")]
    [InlineData("   at MassTransit.Middleware.Pipe.Send()\n   at System.Threading.Tasks.Task.Run()", "MassTransit.Middleware.Pipe.Send")]
    [InlineData("Shop.Card cannot be charged (twice)", null)]
    [InlineData("", null)]
    public void The_first_own_frame_is_found_without_what_changes_from_build_to_build(string trace, string? frame) =>
        StackFrames.FirstOwn(trace).ShouldBe(frame);

    [Fact]
    public void Failures_of_one_cause_are_one_group_whatever_they_say_and_whichever_message_it_was()
    {
        var one = FailureGroup.Of(Failure("X", "order 1", "   at A.B.C(Int32 i) in c.cs:line 1", "T1", "q"));
        var two = FailureGroup.Of(Failure("X", "order 2", "   at A.B.C(Int32 i) in c.cs:line 9", "T2", "q"));
        one.Select(g => g.Title).ShouldBe(["X at A.B.C", "T1", "q"]);
        (one[0] == two[0], one[1] == two[1], one[2] == two[2]).ShouldBe((true, false, true));
        one.Select(g => g.Id).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void What_nobody_knows_is_a_group_as_well() =>
        FailureGroup.Of(Failure("expired", "", "", "", "")).Select(g => g.Title).ShouldBe(["expired", "unknown type", "unknown endpoint"]);

    private static FailedMessage Failure(string exception, string message, string trace, string type, string endpoint) => new()
    {
        Id = Guid.Empty, Source = FailureSource.Fault, Endpoint = endpoint, MessageType = type, ExceptionType = exception, Message = message,
        StackTrace = trace, Consumer = "", FailedAt = default, IsTimeKnown = true, Attempts = 1, Letter = new DeadLetter { Queue = "q_error" },
    };
}
