namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>A message that this process holds a lease on, in memory.</summary>
/// <param name="Message">The message.</param>
/// <param name="Attempts">Failed attempts so far.</param>
/// <param name="Held">Timestamp from which the lease counts.</param>
internal sealed record OutboxItem(OutboxMessage Message, int Attempts, long Held);

/// <summary>What became of a message, to be written to its row.</summary>
internal readonly record struct Settlement(Guid Id, SettlementKind Kind, TimeSpan RetryIn = default, string? Reason = null)
{
    /// <summary>Whether messages of its sequence may have waited for it.</summary>
    public bool OfSequence { get; init; }
}

internal enum SettlementKind
{
    /// <summary>It was sent: the row goes.</summary>
    Delivered,

    /// <summary>It was not tried, or the broker cannot be reached.</summary>
    PutOff,

    /// <summary>An attempt failed.</summary>
    Failed,

    /// <summary>The last attempt failed: set aside, with the reason.</summary>
    Poisoned,
}
