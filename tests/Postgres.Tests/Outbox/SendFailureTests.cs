using Conductor.Postgres.Outbox.Delivery;
using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

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

    [Theory]
    [InlineData(320, true)]
    [InlineData(491, true)]
    [InlineData(504, true)]
    [InlineData(404, false)]
    [InlineData(406, false)]
    public void A_code_that_closes_the_connection_says_nothing_about_the_message(ushort code, bool expected) =>
        SendFailure.IsOutage(new OperationInterruptedException(new ShutdownEventArgs(ShutdownInitiator.Peer, code, "why"))).ShouldBe(expected);

    [Fact]
    public void A_refusal_counts_as_a_failed_attempt()
    {
        SendFailure.IsOutage(new InvalidOperationException("no such type")).ShouldBeFalse();
        SendFailure.IsOutage(new ArgumentException("bad address")).ShouldBeFalse();
    }
}
