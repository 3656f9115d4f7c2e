using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Conductor.Postgres.Outbox.Delivery;

namespace Conductor.Postgres.Outbox;

/// <summary>The meter <c>Conductor.Messaging</c>, by schema.</summary>
internal static class MessagingMetrics
{
    public const string Name = "Conductor.Messaging";

    private static readonly Meter Meter = new(Name);
    private static readonly ConcurrentDictionary<string, Sampled<Backlog>> Backlogs = new(StringComparer.Ordinal);
    private static readonly Counter<long> Delivered = Meter.CreateCounter<long>("conductor.outbox.delivered", "{message}", "Messages sent and deleted");
    private static readonly Counter<long> Failed = Meter.CreateCounter<long>("conductor.outbox.failed", "{attempt}", "Attempts that failed");
    private static readonly Counter<long> PutOff = Meter.CreateCounter<long>(
        "conductor.outbox.put_off", "{attempt}", "Attempts that a broker out of reach prevented");
    private static readonly Counter<long> Poisoned = Meter.CreateCounter<long>("conductor.outbox.poisoned", "{message}", "Messages set aside");
    private static readonly Counter<long> Duplicates = Meter.CreateCounter<long>(
        "conductor.inbox.duplicates", "{message}", "Messages that had been consumed before");

    static MessagingMetrics()
    {
        Meter.CreateObservableGauge("conductor.outbox.pending", () => Observe(b => b.Pending), "{message}", "Messages that are due and not yet sent");
        Meter.CreateObservableGauge("conductor.outbox.scheduled", () => Observe(b => b.Scheduled), "{message}", "Timers that wait");
        Meter.CreateObservableGauge("conductor.outbox.set_aside", () => Observe(b => b.Poisoned), "{message}", "Poison messages that wait for a decision");
        Meter.CreateObservableGauge("conductor.outbox.oldest", () => Observe(b => b.OldestSeconds), "s", "How long the oldest pending message has been due");
        Meter.CreateObservableGauge(
            "conductor.inbox.remembered", () => Observe(b => b.Remembered), "{message}", "Consumed messages whose duplicates are known, estimated");
    }

    public static void Settled(IReadOnlyList<Settlement> settled, SchemaName schema)
    {
        foreach (var kind in settled.CountBy(s => s.Kind))
        {
            var counter = kind.Key switch
            {
                SettlementKind.Delivered => Delivered,
                SettlementKind.PutOff => PutOff,
                SettlementKind.Failed => Failed,
                _ => Poisoned,
            };
            counter.Add(kind.Value, Tag(schema.ToString()));
        }
    }

    public static void Duplicate(SchemaName schema) => Duplicates.Add(1, Tag(schema.ToString()));

    /// <summary>Takes the gauges of a schema from here.</summary>
    public static void Observe(SchemaName schema, Sampled<Backlog> backlog) => Backlogs[schema.ToString()] = backlog;

    private static IEnumerable<Measurement<T>> Observe<T>(Func<Backlog, T> value)
        where T : struct =>
        from schema in Backlogs let backlog = schema.Value.Latest where backlog is not null select new Measurement<T>(value(backlog), Tag(schema.Key));

    private static KeyValuePair<string, object?> Tag(string schema) => new("schema", schema);
}

/// <summary>What waits in an outbox, and about how much an inbox remembers.</summary>
internal sealed record Backlog(long Pending, long Scheduled, long Poisoned, double OldestSeconds, long Remembered);
