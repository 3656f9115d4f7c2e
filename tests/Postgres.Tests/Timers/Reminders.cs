using Conductor.Postgres.Tests.Messaging;
using MassTransit;

namespace Conductor.Postgres.Tests.Timers;

public sealed record Remind(int Number, int Milliseconds, bool Fail = false, bool Cancel = false);

public sealed record ReminderSet(Guid CorrelationId, int Milliseconds) : CorrelatedBy<Guid>;

public sealed record ReminderDue(Guid CorrelationId) : CorrelatedBy<Guid>;

internal sealed class RemindConsumer(ShopDb db, Calls calls) : IConsumer<Remind>
{
    public async Task Consume(ConsumeContext<Remind> context)
    {
        var message = context.Message;
        db.Effects.Add(new() { Number = message.Number, What = "reminded" });
        var scheduled = await context.SchedulePublish(TimeSpan.FromMilliseconds(message.Milliseconds), new OrderOverdue(message.Number));
        if (message.Cancel)
            await context.GetPayload<MessageSchedulerContext>().CancelScheduledPublish<OrderOverdue>(scheduled.TokenId, context.CancellationToken);
        calls.Count("reminded");
        if (message.Fail) throw new InvalidOperationException("told to fail");
    }
}

internal sealed class OverdueConsumer(ShopDb db, Calls calls) : IConsumer<OrderOverdue>
{
    public Task Consume(ConsumeContext<OrderOverdue> context)
    {
        calls.Count("overdue");
        db.Effects.Add(new() { Number = context.Message.Number, What = "overdue" });
        return Task.CompletedTask;
    }
}

internal sealed class ReminderState : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }

    public string CurrentState { get; set; } = "";

    public Guid? Token { get; set; }
}

internal sealed class ReminderSaga : MassTransitStateMachine<ReminderState>
{
    public ReminderSaga(Calls calls)
    {
        InstanceState(s => s.CurrentState);
        Schedule(() => Timer, s => s.Token);
        Initially(When(Set).Schedule(Timer, c => new ReminderDue(c.Saga.CorrelationId), c => TimeSpan.FromMilliseconds(c.Message.Milliseconds))
            .TransitionTo(Waiting));
        During(Waiting,
            When(Set).Schedule(Timer, c => new ReminderDue(c.Saga.CorrelationId), c => TimeSpan.FromMilliseconds(c.Message.Milliseconds)),
            When(Timer!.Received).Then(_ => calls.Count("reminder")));
    }

    public State? Waiting { get; set; }

    public Event<ReminderSet>? Set { get; set; }

    public Schedule<ReminderState, ReminderDue>? Timer { get; set; }
}
