using Conductor.Postgres.Timers;
using MassTransit;
using MassTransit.Context;
using MassTransit.DependencyInjection;
using MassTransit.Logging;
using MassTransit.Saga;
using MassTransit.Scheduling;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>MassTransit's view of a batch for one message: instances come from memory, what is sent is kept until the commit.</summary>
internal sealed class SagaBatchContext<TSaga, T> : ConsumeContextScope<T>, SagaRepositoryContext<TSaga, T>
    where TSaga : class, ISaga
    where T : class
{
    private readonly InstanceRun<TSaga> _run;
    private readonly MessageEffects _effects;
    private readonly IServiceProvider _scope;

    public SagaBatchContext(ConsumeContext<T> context, InstanceRun<TSaga> run, MessageEffects effects, IServiceProvider scope)
        : base(context)
    {
        _run = run;
        _effects = effects;
        _scope = scope;
        var receive = new BatchReceiveContext(context, effects, scope);
        ReceiveContext = receive;
        PublishEndpointProvider = receive.PublishEndpointProvider;
        AddOrUpdatePayload<MessageSchedulerContext>(Timers, _ => Timers());
    }

    /// <summary>Makes it the context of the scope's injected endpoints of the bus, so that what activities send through those is kept too.</summary>
    public IDisposable? BecomeCurrent() => _scope.GetService<Bind<IBus, IScopedConsumeContextProvider>>()?.Value.PushContext(this);

    public Task<SagaConsumeContext<TSaga, T>> Add(TSaga instance) => CreateSagaConsumeContext(this, instance, SagaConsumeContextMode.Add);

    public async Task<SagaConsumeContext<TSaga, T>> Insert(TSaga instance)
    {
        // MassTransit takes null for "there is one already" and loads that.
        if (!_run.TryInsert(instance)) return null!;
        this.LogInsert<TSaga, T>(instance.CorrelationId);
        return await CreateSagaConsumeContext(this, instance, SagaConsumeContextMode.Insert);
    }

    public async Task<SagaConsumeContext<TSaga, T>> Load(Guid correlationId) =>
        _run.Saga is { } saga ? await CreateSagaConsumeContext(this, saga, SagaConsumeContextMode.Load) : null!;

    public Task Save(SagaConsumeContext<TSaga> context)
    {
        if (!_run.TryInsert(context.Saga))
            throw new SagaException("An instance with this id exists already", typeof(TSaga), typeof(T), context.Saga.CorrelationId);
        return Task.CompletedTask;
    }

    public Task Update(SagaConsumeContext<TSaga> context)
    {
        _run.Changed(completed: false);
        return Task.CompletedTask;
    }

    public Task Delete(SagaConsumeContext<TSaga> context)
    {
        _run.Changed(completed: true);
        return Task.CompletedTask;
    }

    // A new instance that was finalised by its first message never existed.
    public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    // A read-only event: the instance is not marked as changed.
    public Task Undo(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    // What is scheduled goes to the outbox like everything else.
    private ConsumeMessageSchedulerContext Timers() => new(this, _ => new MessageScheduler(
        new OutboxTimers(this, (token, _) =>
        {
            _effects.Cancel(token);
            return Task.CompletedTask;
        }), _scope.GetRequiredService<IBus>().Topology));

    public Task<SagaConsumeContext<TSaga, TMessage>> CreateSagaConsumeContext<TMessage>(
        ConsumeContext<TMessage> consumeContext, TSaga instance, SagaConsumeContextMode mode) where TMessage : class =>
        Task.FromResult<SagaConsumeContext<TSaga, TMessage>>(new DefaultSagaConsumeContext<TSaga, TMessage>(consumeContext, instance));
}
