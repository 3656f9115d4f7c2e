using Conductor.Postgres.Outbox;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using Npgsql;

namespace Conductor.Postgres.Inbox;

/// <summary>A message while it is consumed in a transaction: what the consumer sends stays here until the effects are written.</summary>
internal sealed class ConsumerOutboxContext<TMessage>(
    ConsumeContext<TMessage> context, OutboxConsumeOptions options, IServiceProvider provider, MessageOutbox outbox, Guid messageId,
    NpgsqlTransaction transaction)
    : OutboxConsumeContextProxy<TMessage>(context, options, provider), IMessageTransaction
    where TMessage : class
{
    private readonly Lock _lock = new();
    private readonly List<OutboxMessage> _messages = [];
    private readonly List<Guid> _cancelled = [];

    public override Guid? MessageId => messageId;

    public NpgsqlTransaction Transaction => transaction;

    /// <summary>Set for a duplicate, and after the commit: the message passes through without its consumer.</summary>
    public bool Consumed { get; set; }

    public override bool ContinueProcessing { get; set; } = true;

    public override bool IsMessageConsumed => Consumed;

    public override bool IsOutboxDelivered => Consumed;

    public override int ReceiveCount => 1;

    public override long? LastSequenceNumber => null;

    public IReadOnlyList<OutboxMessage> Messages => _messages;

    public override Task AddSend<T>(SendContext<T> context)
    {
        var message = outbox.Capture(context);
        lock (_lock) _messages.Add(message);
        return Task.CompletedTask;
    }

    public void Cancel(Guid token)
    {
        lock (_lock) _cancelled.Add(token);
    }

    public Task WriteAsync() => outbox.InsertAsync(transaction, _messages, _cancelled, CancellationToken);

    public override Task SetConsumed() => Task.CompletedTask;

    public override Task SetDelivered() => Task.CompletedTask;

    // Delivery is not the consumer's business: the table holds the messages by then.
    public override Task<List<OutboxMessageContext>> LoadOutboxMessages() => Task.FromResult<List<OutboxMessageContext>>([]);

    public override Task NotifyOutboxMessageDelivered(OutboxMessageContext message) => Task.CompletedTask;

    public override Task RemoveOutboxMessages() => Task.CompletedTask;
}
