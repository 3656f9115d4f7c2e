using System.Collections;
using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;

namespace Conductor.Postgres.Sagas;

/// <summary>
/// The instances of a query-correlated message, one after the other: MassTransit starts all of them at once, but they share one
/// database connection.
/// </summary>
internal sealed class SequentialQueryContext<TSaga, T>(SagaRepositoryContext<TSaga, T> repository, IReadOnlyList<TSaga> instances)
    : ConsumeContextProxy<T>(repository), SagaRepositoryQueryContext<TSaga, T>
    where TSaga : class, ISaga
    where T : class
{
    private readonly SemaphoreSlim _turn = new(1);

    public int Count => instances.Count;

    public async Task<SagaConsumeContext<TSaga, T>> Load(Guid correlationId)
    {
        await _turn.WaitAsync(CancellationToken);
        return new Turn(repository, instances.Single(x => x.CorrelationId == correlationId), _turn);
    }

    public Task<SagaConsumeContext<TSaga, T>> Add(TSaga instance) => repository.Add(instance);
    public Task<SagaConsumeContext<TSaga, T>> Insert(TSaga instance) => repository.Insert(instance);
    public Task Save(SagaConsumeContext<TSaga> context) => repository.Save(context);
    public Task Update(SagaConsumeContext<TSaga> context) => repository.Update(context);
    public Task Delete(SagaConsumeContext<TSaga> context) => repository.Delete(context);
    public Task Discard(SagaConsumeContext<TSaga> context) => repository.Discard(context);
    public Task Undo(SagaConsumeContext<TSaga> context) => repository.Undo(context);

    public Task<SagaConsumeContext<TSaga, TMessage>> CreateSagaConsumeContext<TMessage>(
        ConsumeContext<TMessage> consumeContext, TSaga instance, SagaConsumeContextMode mode) where TMessage : class =>
        repository.CreateSagaConsumeContext(consumeContext, instance, mode);

    public IEnumerator<Guid> GetEnumerator() => instances.Select(x => x.CorrelationId).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // MassTransit disposes of the context when it has updated the instance.
    private sealed class Turn(ConsumeContext<T> context, TSaga instance, SemaphoreSlim turn)
        : DefaultSagaConsumeContext<TSaga, T>(context, instance), IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
