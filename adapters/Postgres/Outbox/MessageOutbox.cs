using System.Diagnostics;
using Conductor.Postgres.Inbox;
using Conductor.Postgres.Outbox.Delivery;
using MassTransit;
using Npgsql;

namespace Conductor.Postgres.Outbox;

/// <summary>
/// The inbox and outbox of a service. Whoever writes effects captures what they send (<see cref="Capture"/>), inserts it in the
/// transaction of the effects (<see cref="InsertAsync"/> or <see cref="AddTo"/>), and hands it over after the commit
/// (<see cref="Committed"/>); what is not handed over is delivered all the same, later.
/// </summary>
public sealed class MessageOutbox
{
    private readonly OutboxOptions _options;
    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;
    private readonly Lazy<OutboxDelivery?> _delivery;

    internal MessageOutbox(OutboxOptions options, NpgsqlDataSource source, TimeProvider time, Func<OutboxDelivery?> delivery)
    {
        (_options, _source, _time, _delivery) = (options, source, time, new(delivery));
        Table = new(options.Schema, time);
        Inbox = new(options.Schema);
    }

    /// <summary>The outgoing messages.</summary>
    internal OutboxTable Table { get; }

    /// <summary>The consumed messages.</summary>
    internal InboxTable Inbox { get; }

    /// <summary>Where inbox and outbox are.</summary>
    public SchemaName Schema => _options.Schema;

    /// <summary>Captures what MassTransit is about to send.</summary>
    public OutboxMessage Capture<T>(SendContext<T> context)
        where T : class => OutboxCapture.Capture(context, _time.GetUtcNow());

    /// <summary>Inserts messages and cancels scheduled ones, in one round trip.</summary>
    /// <param name="transaction">The transaction of the effects.</param>
    /// <param name="messages">What was sent.</param>
    /// <param name="cancelled">Tokens of scheduled messages that are no longer wanted; may name messages of this very call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task InsertAsync(NpgsqlTransaction transaction, IReadOnlyList<OutboxMessage> messages,
        IReadOnlyCollection<Guid>? cancelled = null, CancellationToken cancellationToken = default)
    {
        var connection = transaction.Connection ?? throw new NpgsqlException("the connection of the transaction is broken", new IOException("connection lost"));
        await using var batch = new NpgsqlBatch(connection, transaction);
        AddTo(batch, messages, cancelled);
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Adds the statements of <see cref="InsertAsync"/> to a batch that runs in the transaction of the effects.</summary>
    public void AddTo(NpgsqlBatch batch, IReadOnlyList<OutboxMessage> messages, IReadOnlyCollection<Guid>? cancelled = null)
    {
        Table.AddInsert(batch, messages, _options.Deliver ? _options.Lease : null);
        Table.AddCancel(batch, cancelled ?? []);
    }

    /// <summary>Hands messages over for delivery, after the commit of the transaction that inserted them. Does not wait.</summary>
    public void Committed(IReadOnlyList<OutboxMessage> messages)
    {
        if (_options.Deliver && messages.Count > 0) _delivery.Value?.Take(messages, Stopwatch.GetTimestamp());
    }

    /// <summary>Inserts messages in a transaction of their own, and hands them over.</summary>
    public async Task SendAsync(
        IReadOnlyList<OutboxMessage> messages, IReadOnlyCollection<Guid>? cancelled = null, CancellationToken cancellationToken = default)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await InsertAsync(transaction, messages, cancelled, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Committed(messages);
    }
}
