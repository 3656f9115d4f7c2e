using MassTransit;

namespace Conductor.Postgres.Tests.Sagas;

/// <summary>A small process with every kind of event that a repository has to serve.</summary>
public sealed class TallySaga : MassTransitStateMachine<TallyState>
{
    public TallySaga(TallyStep step)
    {
        InstanceState(x => x.CurrentState);
        Event(() => Count, e => e.CorrelateById(x => x.Message.TallyId));
        Event(() => CountAndFail, e =>
        {
            e.CorrelateById(x => x.Message.TallyId);
            e.OnMissingInstance(m => m.ExecuteAsync(_ => throw new CountFailedException()));
        });
        Event(() => Close, e => e.CorrelateById(x => x.Message.TallyId).OnMissingInstance(m => m.Discard()));
        Event(() => Get, e =>
        {
            e.CorrelateById(x => x.Message.TallyId);
            e.ReadOnly = true;
            e.OnMissingInstance(m => m.ExecuteAsync(x => x.RespondAsync(new TallyNotFound(x.Message.TallyId))));
        });

        Initially(When(Count).Then(x => x.Saga.Add(x.Message)).ThenAsync(PublishAsync).TransitionTo(Open));
        During(Open,
            When(Count).Then(x => x.Saga.Add(x.Message)).ThenAsync(PublishAsync),
            When(CountAndFail).Then(x => x.Saga.Total += 1000).Publish(x => new Counted(x.Saga.CorrelationId, -1))
                .Then(_ => throw new CountFailedException()),
            When(Get).Respond(x => new TallyFound(x.Saga.CorrelationId, x.Saga.Total)),
            When(Close).Finalize());
        SetCompletedWhenFinalized();

        async Task PublishAsync(BehaviorContext<TallyState, Count> context)
        {
            await context.Publish(new Counted(context.Saga.CorrelationId, context.Saga.Total));
            await step.Run(context);
        }
    }

    public State Open { get; private set; } = null!;
    public Event<Count> Count { get; private set; } = null!;
    public Event<CountAndFail> CountAndFail { get; private set; } = null!;
    public Event<CloseTally> Close { get; private set; } = null!;
    public Event<GetTally> Get { get; private set; } = null!;
}

public sealed class TallyState : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }
    public string CurrentState { get; set; } = "";
    public string? Name { get; set; }
    public int Total { get; set; }
    public int LastSequence { get; set; }
    public bool OutOfOrder { get; set; }
    public uint Version { get; set; }

    public void Add(Count message)
    {
        Total += message.Step;
        Name ??= message.Name;
        if (message.Sequence == 0) return;
        OutOfOrder |= message.Sequence != LastSequence + 1;
        LastSequence = message.Sequence;
    }
}

/// <summary>What a test wants done while a message is being counted.</summary>
public sealed class TallyStep
{
    public Func<BehaviorContext<TallyState, Count>, Task> Run { get; set; } = _ => Task.CompletedTask;
}
