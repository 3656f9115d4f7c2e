using Conductor.Contracts.Pipelines;
using MassTransit;

namespace Conductor.Sagas.Pipeline;

/// <summary>
/// The lifecycle of a pipeline: Validated, Provisioning, Running, Draining, Stopped, or Failed with the reason. Each start is a
/// new run (<see cref="PipelineState.Epoch"/>); what an earlier run still reports changes nothing. A deleted pipeline keeps its
/// row, so that runs never get a number twice.
/// </summary>
public sealed class PipelineSaga : MassTransitStateMachine<PipelineState>
{
    /// <summary>Makes the machine.</summary>
    /// <param name="time">Clock of the state's timestamps.</param>
    public PipelineSaga(TimeProvider time)
    {
        InstanceState(x => x.CurrentState);
        Event(() => StartRequested, x => x.CorrelateById(m => m.Message.PipelineId));
        Event(() => StopRequested, x => Missing(x, m => m.PipelineId));
        Event(() => Provisioned, x => Missing(x, m => m.PipelineId));
        Event(() => Drained, x => Missing(x, m => m.PipelineId));
        Event(() => RunFailed, x => Missing(x, m => m.PipelineId));

        // A pipeline is Validated from its registration on; it gets a row here when it is first started.
        Initially(When(StartRequested).Then(c => Begin(c, time)).ThenAsync(Provision).TransitionTo(Provisioning));

        During(Stopped, Failed,
            When(StartRequested).Then(c => Begin(c, time)).ThenAsync(Provision).TransitionTo(Provisioning),
            Ignore(StopRequested), Ignore(Provisioned), Ignore(Drained), Ignore(RunFailed));

        During(Provisioning,
            When(Provisioned, IsCurrent).Then(c => Touch(c.Saga, time)).TransitionTo(Running),
            When(StopRequested).Then(c => Touch(c.Saga, time)).TransitionTo(Stopped),
            When(RunFailed, IsCurrent).Then(c => Fail(c, time)).TransitionTo(Failed),
            Ignore(StartRequested), Ignore(Drained));

        During(Running,
            When(StopRequested).Then(c => Touch(c.Saga, time)).TransitionTo(Draining),
            When(RunFailed, IsCurrent).Then(c => Fail(c, time)).TransitionTo(Failed),
            Ignore(StartRequested), Ignore(Provisioned), Ignore(Drained));

        During(Draining,
            When(Drained, IsCurrent).Then(c => Touch(c.Saga, time)).TransitionTo(Stopped),
            When(RunFailed, IsCurrent).Then(c => Fail(c, time)).TransitionTo(Failed),
            Ignore(StartRequested), Ignore(StopRequested), Ignore(Provisioned));
    }

    /// <summary>Topics are being created.</summary>
    public State Provisioning { get; private set; } = null!;
    /// <summary>Components read and write.</summary>
    public State Running { get; private set; } = null!;
    /// <summary>Reading has ended; the rest is being written.</summary>
    public State Draining { get; private set; } = null!;
    /// <summary>Nothing runs.</summary>
    public State Stopped { get; private set; } = null!;
    /// <summary>The latest run failed.</summary>
    public State Failed { get; private set; } = null!;

    /// <summary>Somebody wants it to run.</summary>
    public Event<StartPipeline> StartRequested { get; private set; } = null!;
    /// <summary>Somebody wants it to stop.</summary>
    public Event<StopPipeline> StopRequested { get; private set; } = null!;
    /// <summary>Topics are there.</summary>
    public Event<PipelineProvisioned> Provisioned { get; private set; } = null!;
    /// <summary>Everything that was read is written.</summary>
    public Event<PipelineDrained> Drained { get; private set; } = null!;
    /// <summary>The run cannot go on.</summary>
    public Event<PipelineFailed> RunFailed { get; private set; } = null!;

    private static void Missing<T>(IEventCorrelationConfigurator<PipelineState, T> configurator, Func<T, Guid> id) where T : class =>
        configurator.CorrelateById(m => id(m.Message)).OnMissingInstance(m => m.Discard());

    private static bool IsCurrent(BehaviorContext<PipelineState, PipelineProvisioned> context) => context.Message.Epoch == context.Saga.Epoch;

    private static bool IsCurrent(BehaviorContext<PipelineState, PipelineDrained> context) => context.Message.Epoch == context.Saga.Epoch;

    private static bool IsCurrent(BehaviorContext<PipelineState, PipelineFailed> context) => context.Message.Epoch == context.Saga.Epoch;

    private static void Begin(BehaviorContext<PipelineState, StartPipeline> context, TimeProvider time)
    {
        Touch(context.Saga, time);
        context.Saga.Name = context.Message.Name;
        context.Saga.Epoch++;
        context.Saga.StartedAt = context.Saga.UpdatedAt;
        context.Saga.LastError = null;
    }

    private static Task Provision(BehaviorContext<PipelineState, StartPipeline> context) => context.Publish(
        new ProvisionPipeline { PipelineId = context.Saga.CorrelationId, Name = context.Saga.Name, Epoch = context.Saga.Epoch });

    private static void Fail(BehaviorContext<PipelineState, PipelineFailed> context, TimeProvider time)
    {
        Touch(context.Saga, time);
        context.Saga.LastError = context.Message.Reason;
    }

    private static void Touch(PipelineState state, TimeProvider time) => state.UpdatedAt = time.GetUtcNow();
}
