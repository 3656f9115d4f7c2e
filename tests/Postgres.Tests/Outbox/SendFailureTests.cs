using Conductor.Postgres.Outbox.Delivery;
using MassTransit;

namespace Conductor.Postgres.Tests.Outbox;

public sealed class SendFailureTests
{
    [Fact]
    public void A_broker_out_of_reach_says_nothing_about_the_message()
    {
        SendFailure.IsOutage(new RabbitMqConnectionException("gone")).ShouldBeTrue();
        SendFailure.IsOutage(new InvalidOperationException("x", new IOException("reset"))).ShouldBeTrue();
        SendFailure.IsOutage(new OperationCanceledException()).ShouldBeTrue();
    }

    [Fact]
    public void A_refusal_counts_as_a_failed_attempt()
    {
        SendFailure.IsOutage(new InvalidOperationException("no such type")).ShouldBeFalse();
        SendFailure.IsOutage(new ArgumentException("bad address")).ShouldBeFalse();
    }
}
