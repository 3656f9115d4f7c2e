namespace Conductor.Postgres.Outbox;

/// <summary>
/// A message to be sent after the commit: one row of the outbox. Made from a MassTransit send context by <see cref="MessageOutbox.Capture"/>.
/// </summary>
public sealed record OutboxMessage
{
    /// <summary>Key of the row; version 7, so that rows made together lie together.</summary>
    public required Guid Id { get; init; }

    /// <summary>The message's id, by which its receivers tell duplicates.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>Where to: a short address (<c>exchange:name?type=fanout</c>), which stays right when the broker's host or port changes.</summary>
    public required string Destination { get; init; }

    /// <summary>Media type of <see cref="Body"/>.</summary>
    public required string ContentType { get; init; }

    /// <summary>The serialized message, whatever the serializer.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Ids, addresses and types of the send context, as JSON (<see cref="OutboxEnvelope"/>).</summary>
    public required string Envelope { get; init; }

    /// <summary>Headers as a JSON object, or null.</summary>
    public string? Headers { get; init; }

    /// <summary>Properties of the transport (routing key, priority) as a JSON object, or null.</summary>
    public string? Properties { get; init; }

    /// <summary>When to send it; null is at once.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Those of one sequence are sent one after the other, as they were inserted; null for no order.</summary>
    public Guid? Sequence { get; init; }

    /// <summary>Cancels it while it waits.</summary>
    public Guid? Token { get; init; }

    /// <summary>
    /// Whether the process that commits it may send it at once. What has a due time waits for it in the table, and what is of a sequence comes after
    /// what other processes have committed before.
    /// </summary>
    internal bool IsSentFromMemory => Due is null && Sequence is null;
}
