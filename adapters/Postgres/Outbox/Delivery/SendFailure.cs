using System.Data.Common;
using System.Net.Sockets;
using Conductor.Domain.Streams.Brokers;
using MassTransit;

namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>Tells a destination that refuses a message from a broker or a database that is not there.</summary>
internal static class SendFailure
{
    // Types of RabbitMQ.Client, on which this library does not depend. MassTransit lets them through as they are.
    private static readonly string[] LostConnections = ["AlreadyClosedException", "BrokerUnreachableException", "ConnectFailureException", "PublishException"];

    // AMQP 0-9-1 reply codes that close a connection, whosever message it was: none given, forced, channel error and unexpected frame
    // (both when a refusal crosses a send), internal error; and the client's own 491, a channel that was disposed under the send.
    private static readonly string[] OfTheConnection = ["code=0,", "code=320,", "code=491,", "code=504,", "code=505,", "code=541,"];

    /// <summary>Whether the attempt says nothing about the message: it is tried again, however often this happens.</summary>
    public static bool IsOutage(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is TimeoutException or OperationCanceledException or ConnectionException or TransportUnavailableException
                or StreamUnavailableException or SocketException or IOException or ObjectDisposedException or DbException { IsTransient: true }) return true;
            if (LostConnections.Contains(e.GetType().Name, StringComparer.Ordinal)) return true;
            if (string.Equals(e.GetType().Name, "OperationInterruptedException", StringComparison.Ordinal)
                && OfTheConnection.Any(code => e.Message.Contains(code, StringComparison.Ordinal))) return true;
        }
        return false;
    }
}
