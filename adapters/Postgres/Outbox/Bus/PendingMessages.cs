using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Conductor.Postgres.Outbox.Bus;

/// <summary>What was sent in the scope of a DbContext, until its changes are saved and committed.</summary>
internal sealed class PendingMessages
{
    private static readonly ConditionalWeakTable<DbContext, PendingMessages> Scopes = [];

    private readonly Lock _lock = new();
    private List<OutboxMessage> _pending = [];
    private List<Guid> _cancelled = [];
    private List<OutboxMessage> _written = [];

    /// <summary>The transaction that saving began for them, because there was none.</summary>
    public IDbContextTransaction? Own { get; set; }

    /// <summary>Whether changes are being saved.</summary>
    public bool Saving { get; set; }

    public int Count => _pending.Count + _cancelled.Count;

    public static PendingMessages Of(DbContext db) => Scopes.GetOrCreateValue(db);

    public static PendingMessages? Find(DbContext? db) => db is not null && Scopes.TryGetValue(db, out var pending) ? pending : null;

    public void Add(OutboxMessage message)
    {
        lock (_lock) _pending.Add(message);
    }

    public void Cancel(Guid token)
    {
        lock (_lock) _cancelled.Add(token);
    }

    /// <summary>Writes them in the transaction of the DbContext.</summary>
    public async Task WriteAsync(MessageOutbox outbox, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        if (Count == 0) return;
        List<OutboxMessage> messages;
        List<Guid> cancelled;
        lock (_lock)
        {
            (messages, _pending) = (_pending, []);
            (cancelled, _cancelled) = (_cancelled, []);
        }
        await outbox.InsertAsync(transaction.Connection!, transaction, messages, cancelled, cancellationToken);
        _written.AddRange(messages);
    }

    /// <summary>What was written by the transaction that has just ended.</summary>
    public IReadOnlyList<OutboxMessage> TakeWritten()
    {
        (var written, _written) = (_written, []);
        return written;
    }
}
