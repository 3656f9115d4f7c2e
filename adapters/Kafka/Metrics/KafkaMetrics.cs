using System.Diagnostics.Metrics;

namespace Conductor.Kafka.Metrics;

/// <summary>
/// The meter <c>Conductor.Kafka</c> (docs/operations.md): librdkafka's own statistics of all clients of this process, by <c>role</c>: producing,
/// transactions, member, reading.
/// </summary>
internal static class KafkaMetrics
{
    private static readonly Meter Meter = new("Conductor.Kafka");
    private static readonly Lock Lock = new();
    private static readonly Dictionary<string, ClientStatistics> Closed = new(StringComparer.Ordinal);
    private static readonly List<ClientMetrics> Open = [];

    static KafkaMetrics()
    {
        Count("conductor.kafka.sent.io", "By", c => c.SentBytes, "Bytes sent to brokers");
        Count("conductor.kafka.received.io", "By", c => c.ReceivedBytes, "Bytes received from brokers");
        Count("conductor.kafka.sent.records", "{record}", c => c.SentMessages, "Records that brokers have taken");
        Count("conductor.kafka.received.records", "{record}", c => c.ReceivedMessages, "Records that have been fetched");
        Count("conductor.kafka.retries", "{request}", c => c.Retries, "Requests that were sent again");
        Count("conductor.kafka.timeouts", "{request}", c => c.TimedOut, "Requests that no broker answered in time");
        Count("conductor.kafka.rebalances", "{rebalance}", c => c.Rebalances, "Rebalances that members of this process took part in");
        Meter.CreateObservableGauge("conductor.kafka.queued.records", () => All(c => c.QueuedMessages), "{record}", "Records that wait to be sent");
        Meter.CreateObservableGauge("conductor.kafka.queued.io", () => All(c => c.QueuedBytes), "By", "Bytes that wait to be sent");
        Meter.CreateObservableGauge("conductor.kafka.round_trip", () => All(c => c.RoundTrip), "s", "Round trip to the slowest broker, on average");
    }

    /// <summary>Notes a client; disposing keeps what it has done.</summary>
    public static ClientMetrics Add(string role)
    {
        lock (Lock)
        {
            var client = new ClientMetrics(role);
            Open.Add(client);
            return client;
        }
    }

    internal static void Remove(ClientMetrics client)
    {
        lock (Lock)
        {
            if (!Open.Remove(client)) return;
            Closed[client.Role] = ClientStatistics.Sum([Closed.GetValueOrDefault(client.Role), client.Latest.Closed]);
        }
    }

    private static void Count(string name, string unit, Func<ClientStatistics, long> what, string description) =>
        Meter.CreateObservableCounter(name, () => All(what), unit, description);

    private static List<Measurement<T>> All<T>(Func<ClientStatistics, T> what) where T : struct
    {
        lock (Lock)
        {
            return [.. Open.Select(c => c.Role).Concat(Closed.Keys).Distinct(StringComparer.Ordinal).Select(role => new Measurement<T>(
                what(ClientStatistics.Sum([Closed.GetValueOrDefault(role), .. Open.Where(c => c.Role == role).Select(c => c.Latest)])),
                KeyValuePair.Create("role", (object?)role)))];
        }
    }
}

/// <summary>The latest statistics of one client.</summary>
internal sealed class ClientMetrics(string role) : IDisposable
{
    private readonly Lock _lock = new();
    private ClientStatistics _latest;

    public string Role => role;

    public ClientStatistics Latest
    {
        get
        {
            lock (_lock) return _latest;
        }
    }

    /// <summary>The client's statistics handler.</summary>
    public void Note(string json)
    {
        var read = ClientStatistics.Read(json);
        lock (_lock) _latest = read;
    }

    public void Dispose() => KafkaMetrics.Remove(this);
}
