namespace Conductor.RabbitMqStreams;

/// <summary>How to reach the broker, and how much to have under way.</summary>
public sealed record RabbitMqStreamOptions
{
    /// <summary>amqp:// address of the broker.</summary>
    public required Uri Address { get; init; }
    /// <summary>Name under which the connections show at the broker.</summary>
    public string ClientName { get; init; } = "conductor-streams";
    /// <summary>Records that a producer has under way at most before it waits for confirms.</summary>
    public int UnconfirmedRecords { get; init; } = 4_000;
    /// <summary>Bytes that a producer has under way at most before it waits for confirms.</summary>
    public long UnconfirmedBytes { get; init; } = 32_000_000;
    /// <summary>How long a producer waits for another confirm before it gives its channel up.</summary>
    public TimeSpan ConfirmPatience { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>The same for its first record in each partition, before which it sends no second: a stream whose writer is not there yet loses some.</summary>
    public TimeSpan FirstConfirmPatience { get; init; } = TimeSpan.FromSeconds(5);
    /// <summary>Records that the broker sends ahead per partition, at most.</summary>
    public ushort Prefetch { get; init; } = 400;
    /// <summary>Bytes that the broker sends ahead per partition, by the size of the latest records; a chunk, as it was written, is sent whole.</summary>
    public long PrefetchBytes { get; init; } = 16_000_000;
    /// <summary>Largest value that the broker takes: its <c>max_message_size</c>, 128 MiB unless configured otherwise.</summary>
    public int LargestRecord { get; init; } = 134_217_728;
    /// <summary>How long a member of a group that does not show up keeps its partitions.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>How long a partition is silent before it counts as read to its end.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMilliseconds(150);
}
