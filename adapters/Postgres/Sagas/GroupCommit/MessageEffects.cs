using Conductor.Postgres.Outbox;
using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>
/// What the last run of a message did besides changing its instance. One object for all runs: services of the message's scope keep
/// the endpoint that they were given in the first.
/// </summary>
internal sealed class MessageEffects(BatchMessaging messaging)
{
    private readonly Lock _lock = new();
    private readonly List<Func<Task>> _afterCommit = [];
    private readonly List<OutboxMessage> _messages = [];
    private readonly List<Guid> _cancelled = [];

    /// <summary>What it sent.</summary>
    public IReadOnlyList<OutboxMessage> Messages => _messages;

    /// <summary>Tokens of the scheduled messages that it cancelled.</summary>
    public IReadOnlyList<Guid> Cancelled => _cancelled;

    /// <summary>Takes back what the last run did.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _messages.Clear();
            _cancelled.Clear();
            _afterCommit.Clear();
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

    /// <summary>Runs after the commit and before the caller is answered; never when the message fails or runs again.</summary>
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
