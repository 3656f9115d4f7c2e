using MassTransit;
using MassTransit.Saga;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>The saga repository of MassTransit over the lanes of group commit.</summary>
internal sealed class GroupCommitContextFactory<TSaga>(SagaLanes<TSaga> lanes, IServiceProvider scope) : ISagaRepositoryContextFactory<TSaga>
    where TSaga : class, ISaga
{
    public void Probe(ProbeContext context) => context.Add("persistence", "group-commit");

    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class
    {
        var id = context.CorrelationId ?? throw new SagaException("The message has no correlation id", typeof(TSaga), typeof(T));
        var effects = new MessageEffects(lanes.Messaging, scope);
        return lanes.SendAsync(
            new(id, context.Message, lanes.Messaging.InboxId(context), effects, RunAsync, context.CancellationToken), context.CancellationToken);

        async Task RunAsync(InstanceRun<TSaga> run)
        {
            var saga = new SagaBatchContext<TSaga, T>(context, run, effects, scope);
            using var current = saga.BecomeCurrent();
            await next.Send(saga);
        }
    }

    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next) where T : class =>
        throw new NotSupportedException($"{typeof(T).Name}: messages to {typeof(TSaga).Name} are correlated by id, not by a query");
}
