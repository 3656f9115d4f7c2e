using Conductor.Contracts;

namespace Conductor.Postgres.Outbox;

/// <summary>Addresses as the outbox keeps them: a row may outlive the host and port that the broker had when it was written.</summary>
internal static class OutboxAddress
{
    private static readonly string[] BrokerSchemes = ["rabbitmq", "rabbitmqs", "amqp", "amqps"];

    /// <summary><c>rabbitmq://host:5672/vhost/name?type=fanout</c> becomes <c>exchange:name?type=fanout</c>; other addresses stay.</summary>
    public static string Shorten(Uri address)
    {
        if (!BrokerSchemes.Contains(address.Scheme, StringComparer.Ordinal)) return address.ToString();
        return BusAddress.Of(address.AbsolutePath[(address.AbsolutePath.LastIndexOf('/') + 1)..] + address.Query).OriginalString;
    }
}
