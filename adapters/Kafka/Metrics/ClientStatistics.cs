using System.Runtime.InteropServices;
using System.Text.Json;

namespace Conductor.Kafka.Metrics;

/// <summary>What is kept of librdkafka's statistics (its STATISTICS.md) of one client.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ClientStatistics
{
    public long SentBytes { get; init; }
    public long ReceivedBytes { get; init; }
    public long SentMessages { get; init; }
    public long ReceivedMessages { get; init; }
    public long QueuedMessages { get; init; }
    public long QueuedBytes { get; init; }
    public long Retries { get; init; }
    public long TimedOut { get; init; }
    public long Rebalances { get; init; }
    /// <summary>Of the slowest broker, in seconds.</summary>
    public double RoundTrip { get; init; }

    public static ClientStatistics Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var brokers = root.TryGetProperty("brokers", out var all) ? all.EnumerateObject().Select(b => b.Value).ToList() : [];
        return new ClientStatistics
        {
            SentBytes = Number(root, "tx_bytes"),
            ReceivedBytes = Number(root, "rx_bytes"),
            SentMessages = Number(root, "txmsgs"),
            ReceivedMessages = Number(root, "rxmsgs"),
            QueuedMessages = Number(root, "msg_cnt"),
            QueuedBytes = Number(root, "msg_size"),
            Retries = brokers.Sum(b => Number(b, "txretries")),
            TimedOut = brokers.Sum(b => Number(b, "req_timeouts")),
            Rebalances = root.TryGetProperty("cgrp", out var group) ? Number(group, "rebalance_cnt") : 0,
            RoundTrip = brokers.Select(b => b.TryGetProperty("rtt", out var rtt) ? Number(rtt, "avg") / 1e6 : 0).DefaultIfEmpty().Max(),
        };
    }

    /// <summary>The sum of what grows; of the rest, what is now.</summary>
    public static ClientStatistics Sum(IEnumerable<ClientStatistics> clients) => clients.Aggregate(default(ClientStatistics), (sum, c) => new()
    {
        SentBytes = sum.SentBytes + c.SentBytes,
        ReceivedBytes = sum.ReceivedBytes + c.ReceivedBytes,
        SentMessages = sum.SentMessages + c.SentMessages,
        ReceivedMessages = sum.ReceivedMessages + c.ReceivedMessages,
        QueuedMessages = sum.QueuedMessages + c.QueuedMessages,
        QueuedBytes = sum.QueuedBytes + c.QueuedBytes,
        Retries = sum.Retries + c.Retries,
        TimedOut = sum.TimedOut + c.TimedOut,
        Rebalances = sum.Rebalances + c.Rebalances,
        RoundTrip = Math.Max(sum.RoundTrip, c.RoundTrip),
    });

    /// <summary>What stays of a client that has been closed: its counts.</summary>
    public ClientStatistics Closed => this with { QueuedMessages = 0, QueuedBytes = 0, RoundTrip = 0 };

    private static long Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;
}
