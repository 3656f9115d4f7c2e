using System.Security.Cryptography;
using System.Text;
using Conductor.Postgres.Inbox;
using Conductor.Postgres.Outbox;
using MassTransit;
using Npgsql;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>What the batches of a saga know of the service's inbox and outbox, if it has them.</summary>
internal sealed class BatchMessaging(string consumer, MessageOutbox? outbox)
{
    // The first 16 bytes of a hash: the same consumer in every process and version.
    private readonly Guid _consumerId = new(SHA256.HashData(Encoding.UTF8.GetBytes($"saga:{consumer}")).AsSpan(0, 16));

    /// <summary>Name of the saga as a consumer.</summary>
    public string Consumer => consumer;

    /// <summary>By which id the inbox knows a message; null for one that did not come from a broker. A guess is never taken for a duplicate.</summary>
    public InboxMessage? InboxId(ConsumeContext context)
    {
        if (outbox is null || BatchReceiveContext.IsMediated(context)) return null;
        var id = InboxMessage.Of(context);
        return id with { IsGuess = id.IsGuess && !context.ReceiveContext.Redelivered };
    }

    /// <summary>Claims messages; returns those that were consumed before.</summary>
    public async Task<HashSet<Guid>> ClaimAsync(BatchTransaction transaction, IEnumerable<Guid> messageIds)
    {
        var ids = messageIds.ToHashSet();
        if (outbox is null || ids.Count == 0) return [];
        ids.ExceptWith(await outbox.Inbox.ClaimAsync(await transaction.TransactionAsync(), _consumerId, ids));
        return ids;
    }

    /// <summary>Adds what is sent and cancelled, and gives back the claims of messages that the batch does not consume.</summary>
    public void AddTo(NpgsqlBatch commands, IReadOnlyList<OutboxMessage> messages, IReadOnlyCollection<Guid> cancelled, IReadOnlyCollection<Guid> released)
    {
        outbox?.Inbox.AddRelease(commands, _consumerId, released);
        outbox?.AddTo(commands, messages, cancelled);
    }

    public void Committed(IReadOnlyList<OutboxMessage> messages) => outbox?.Committed(messages);

    public OutboxMessage Capture<T>(SendContext<T> context) where T : class => outbox?.Capture(context)
        ?? throw new InvalidOperationException($"{consumer} sends {typeof(T).Name}, but the service has no outbox (AddMessageOutbox) to commit it in.");
}
