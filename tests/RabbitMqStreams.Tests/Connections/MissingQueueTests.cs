using Conductor.RabbitMqStreams.Connections;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Conductor.RabbitMqStreams.Tests.Connections;

public sealed class MissingQueueTests
{
    [Theory]
    [InlineData("NOT_FOUND - no queue 'topic.a.0' in vhost '/'", true)]
    [InlineData("NOT_FOUND - home node 'conductor@localhost' of durable queue 'topic.a.0' in vhost '/' is down or inaccessible", false)]
    [InlineData("NOT_FOUND - queue 'topic.a.0' in vhost '/' process is stopped by supervisor", false)]
    public void Only_a_queue_that_does_not_exist_is_missing(string text, bool isMissing) =>
        BrokerConnection.IsMissing(BrokerConnection.Unavailable(
            new OperationInterruptedException(new ShutdownEventArgs(ShutdownInitiator.Peer, 404, text)))).ShouldBe(isMissing);
}
