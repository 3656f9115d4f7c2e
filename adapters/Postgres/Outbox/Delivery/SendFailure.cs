using System.Data.Common;
using System.Net.Sockets;
using MassTransit;

namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>Tells a destination that refuses a message from a broker or a database that is not there.</summary>
internal static class SendFailure
{
    // Types of RabbitMQ.Client, on which this library does not depend. MassTransit lets them through as they are.
    private static readonly string[] LostConnections = ["AlreadyClosedException", "BrokerUnreachableException", "ConnectFailureException", "PublishException"];

    /// <summary>Whether the attempt says nothing about the message: it is tried again, however often this happens.</summary>
    public static bool IsOutage(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is TimeoutException or OperationCanceledException or ConnectionException or TransportUnavailableException
                or SocketException or IOException or ObjectDisposedException or DbException { IsTransient: true }) return true;
            if (LostConnections.Contains(e.GetType().Name, StringComparer.Ordinal)) return true;
            // AMQP 0-9-1 reply codes of the connection: forced (320), internal error (541).
            if (string.Equals(e.GetType().Name, "OperationInterruptedException", StringComparison.Ordinal)
                && (e.Message.Contains("code=320", StringComparison.Ordinal) || e.Message.Contains("code=541", StringComparison.Ordinal)
                    || e.Message.Contains("code=0", StringComparison.Ordinal))) return true;
        }
        return false;
    }
}
