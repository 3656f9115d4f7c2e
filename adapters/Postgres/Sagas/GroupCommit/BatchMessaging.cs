using System.Security.Cryptography;
using System.Text;
using Conductor.Postgres.Inbox;
using Conductor.Postgres.Outbox;
using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>What the batches of a saga know of the service's inbox and outbox; either may be missing.</summary>
internal sealed class BatchMessaging(string consumer, InboxTable? inbox, OutboxTable? outbox, TimeProvider time)
{
    // The first 16 bytes of a hash: the same consumer in every process and version.
    private readonly Guid _consumerId = new(SHA256.HashData(Encoding.UTF8.GetBytes($"saga:{consumer}")).AsSpan(0, 16));

    /// <summary>Claims the messages that came from a broker; returns those that were consumed before.</summary>
    public async Task<HashSet<Guid>> ClaimAsync(BatchTransaction transaction, IEnumerable<Guid?> messageIds)
    {
        var ids = messageIds.OfType<Guid>().ToHashSet();
        if (inbox is null || ids.Count == 0) return [];
        var claimed = await inbox.ClaimAsync(transaction.Connection, transaction.Transaction, _consumerId, ids);
        ids.ExceptWith(claimed);
        return ids;
    }

    /// <summary>Adds the outgoing messages, and gives back the claims of messages that the batch does not consume.</summary>
    public void AddTo(Npgsql.NpgsqlBatch commands, IReadOnlyList<OutboxMessage> messages, IReadOnlyCollection<Guid> released)
    {
        inbox?.AddRelease(commands, _consumerId, released);
        outbox?.AddInsert(commands, messages);
        if (messages.Count > 0) outbox?.AddNotify(commands);
    }

    public OutboxMessage Capture<T>(SendContext<T> context) where T : class => outbox is null
        ? throw new InvalidOperationException($"{consumer} sends {typeof(T).Name}, but the service has no outbox to commit it in.")
        : OutboxCapture.Capture(context, time.GetUtcNow());
}
