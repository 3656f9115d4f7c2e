using System.Threading.Channels;
using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>One transaction at a time: what arrives while it commits forms the next one.</summary>
internal sealed class SagaLane<TSaga> : IAsyncDisposable where TSaga : class, ISaga
{
    private readonly Channel<QueuedMessage<TSaga>> _waiting;
    private readonly Queue<QueuedMessage<TSaga>> _first = new();
    private readonly SagaCommits<TSaga> _commits;
    private readonly int _maxBatchSize;
    private readonly Task _loop;

    public SagaLane(SagaCommits<TSaga> commits, int maxBatchSize, int maxWaiting)
    {
        _commits = commits;
        _maxBatchSize = maxBatchSize;
        _waiting = Channel.CreateBounded<QueuedMessage<TSaga>>(new BoundedChannelOptions(maxWaiting) { SingleReader = true });
        // The trace of whoever came first is not that of all batches.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow()) _loop = Task.Run(RunAsync);
    }

    public ValueTask EnqueueAsync(QueuedMessage<TSaga> message, CancellationToken cancellationToken) =>
        _waiting.Writer.WriteAsync(message, cancellationToken);

    /// <summary>Takes no more messages and returns when the waiting ones are answered.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        while (_first.Count > 0 || await _waiting.Reader.WaitToReadAsync())
        {
            var batch = Take();
            if (batch.Count == 0) continue;
            // What goes back was here before whatever waits.
            foreach (var again in await _commits.CommitAsync(batch)) _first.Enqueue(again);
        }
    }

    private List<QueuedMessage<TSaga>> Take()
    {
        var batch = new List<QueuedMessage<TSaga>>();
        while (batch.Count < _maxBatchSize && (_first.TryDequeue(out var next) || _waiting.Reader.TryRead(out next)))
            if (next.TryTake()) batch.Add(next);
        return batch;
    }
}
