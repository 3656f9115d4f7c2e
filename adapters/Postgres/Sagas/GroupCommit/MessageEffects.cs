using Conductor.Postgres.Outbox;
using MassTransit;
using Npgsql;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>What one run of a message does besides changing its instance; a run that fails or is repeated takes it all back.</summary>
internal sealed class MessageEffects(BatchTransaction transaction, BatchMessaging messaging) : ISagaTransaction, IMessageTransaction
{
    private readonly Lock _lock = new();
    private readonly List<Func<Task>> _afterCommit = [];
    private readonly List<OutboxMessage> _messages = [];
    private readonly List<Guid> _cancelled = [];

    /// <summary>It may have written rows that only a rollback takes back.</summary>
    public bool UsedConnection { get; private set; }

    /// <summary>What it sent.</summary>
    public IReadOnlyList<OutboxMessage> Messages => _messages;

    /// <summary>Tokens of the scheduled messages that it cancelled.</summary>
    public IReadOnlyList<Guid> Cancelled => _cancelled;

    public NpgsqlConnection Connection
    {
        get
        {
            UsedConnection = true;
            return transaction.Connection;
        }
    }

    public NpgsqlTransaction Transaction
    {
        get
        {
            UsedConnection = true;
            return transaction.Transaction;
        }
    }

    public void Add<T>(SendContext<T> context) where T : class
    {
        var message = messaging.Capture(context);
        lock (_lock) _messages.Add(message);
    }

    public void Cancel(Guid token)
    {
        lock (_lock) _cancelled.Add(token);
    }

    public void OnCommitted(Func<Task> action)
    {
        lock (_lock) _afterCommit.Add(action);
    }

    /// <summary>Does what was wanted after the commit. Nothing can undo the commit now, so a failure is only logged.</summary>
    public async Task CommittedAsync()
    {
        foreach (var action in _afterCommit)
        {
            try
            {
                await action();
            }
            catch (Exception e)
            {
                LogContext.Error?.Log(e, "After the commit of a saga: {Message}", e.Message);
            }
        }
    }
}
