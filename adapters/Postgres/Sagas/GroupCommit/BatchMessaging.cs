using Conductor.Postgres.Outbox;
using MassTransit;
using Npgsql;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>What the batches of a saga know of the service's outbox, if it has one.</summary>
/// <param name="Saga">Name of the saga, in metrics.</param>
/// <param name="Outbox">Commits what the saga sends together with it.</param>
internal sealed record BatchMessaging(string Saga, MessageOutbox? Outbox)
{
    /// <summary>Adds what is sent.</summary>
    public void AddTo(NpgsqlBatch commands, IReadOnlyList<OutboxMessage> messages) => Outbox?.AddTo(commands, messages);

    public void Committed(IReadOnlyList<OutboxMessage> messages) => Outbox?.Committed(messages);

    public OutboxMessage Capture<T>(SendContext<T> context) where T : class => Outbox?.Capture(context)
        ?? throw new InvalidOperationException($"{Saga} sends {typeof(T).Name}, but the service has no outbox (AddMessageOutbox) to commit it in.");
}
