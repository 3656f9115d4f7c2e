using MassTransit;

namespace Conductor.Postgres.Tests.Sagas;

/// <summary>Publishes what was counted, through the context or, as activities may do, through an injected endpoint; a test may add a step of its own.</summary>
public sealed class PublishCounted(IPublishEndpoint endpoint, TallyStep step) : IStateMachineActivity<TallyState, Count>
{
    public const string Injected = "published by the injected endpoint";

    public async Task Execute(BehaviorContext<TallyState, Count> context, IBehavior<TallyState, Count> next)
    {
        var counted = new Counted(context.Saga.CorrelationId, context.Saga.Total);
        if (context.Message.Name == Injected) await endpoint.Publish(counted, context.CancellationToken);
        else await context.Publish(counted);
        await step.Run(context);
        await next.Execute(context);
    }

    public Task Faulted<TException>(BehaviorExceptionContext<TallyState, Count, TException> context, IBehavior<TallyState, Count> next)
        where TException : Exception => next.Faulted(context);

    public void Probe(ProbeContext context) => context.CreateScope("publishCounted");

    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);
}

/// <summary>What a test wants done while a message is being counted.</summary>
public sealed class TallyStep
{
    public Func<BehaviorContext<TallyState, Count>, Task> Run { get; set; } = _ => Task.CompletedTask;
}
