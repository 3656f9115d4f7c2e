namespace Conductor.Postgres.Outbox;

/// <summary>How a service keeps and delivers its outgoing messages, and for how long it knows the ones it consumed.</summary>
public sealed class OutboxOptions
{
    /// <summary>Name of the connection string of the service's database.</summary>
    public string ConnectionName { get; set; } = "";

    /// <summary>Schema of the tables <c>inbox</c> and <c>outbox</c>.</summary>
    public SchemaName Schema { get; set; }

    /// <summary>Whether this process delivers. Default true.</summary>
    public bool Deliver { get; set; } = true;

    /// <summary>
    /// How long a message belongs to the process that is sending it; when that process dies, another one sends it after this time. Default 30 s.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many messages one sweep claims. Default 1,000.</summary>
    public int BatchSize { get; set; } = 1000;

    /// <summary>The longest pause between sweeps; timers make it shorter. Default 5 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many messages are being sent to one destination at a time. Default 256.</summary>
    public int Parallelism { get; set; } = 256;

    /// <summary>How many messages may wait in memory for one destination; the others wait in the table. Default 10,000.</summary>
    public int Waiting { get; set; } = 10_000;

    /// <summary>How long one attempt to send may take. Default 10 s.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after a first failure; it doubles with each one. Default 200 ms.</summary>
    public TimeSpan Backoff { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause after a failure. Default 1 min.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// After how many failed attempts a message is set aside as poison. An attempt that failed because the broker or the database
    /// cannot be reached does not count. Default 10.
    /// </summary>
    public int MaxAttempts { get; set; } = 10;

    /// <summary>For how long a duplicate of a consumed message is recognised. Default 7 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Whether messages that were consumed longer ago are forgotten. Default true.</summary>
    public bool Forgets { get; set; } = true;

    /// <summary>The setting behind <see cref="Forgets"/>, for people; null where there is none.</summary>
    public string? ForgetsSetting { get; set; }

    /// <summary>How often consumed messages that are older are forgotten. Default 1 min.</summary>
    public TimeSpan CleanupInterval { get; set; } = TimeSpan.FromMinutes(1);
}
