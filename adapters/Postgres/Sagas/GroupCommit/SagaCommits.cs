using System.Diagnostics;
using Conductor.Postgres.Outbox;
using MassTransit;
using Npgsql;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>Commits batches, and when one cannot be committed its messages one by one, so that only the one at fault fails.</summary>
internal sealed class SagaCommits<TSaga>(ISagaBatchStore<TSaga> store, NpgsqlDataSource dataSource, BatchMessaging messaging) where TSaga : class, ISaga
{
    private static readonly ActivitySource Activities = new("Conductor.Sagas");
    private readonly CommitMetrics _metrics = new(messaging.Saga);

    /// <summary>Answers the messages; returns those that are to be the first of a later batch, the next one unless they wait. Never throws.</summary>
    public async Task<IReadOnlyList<QueuedMessage<TSaga>>> CommitAsync(IReadOnlyList<QueuedMessage<TSaga>> messages)
    {
        try
        {
            return await CommitTogetherAsync(messages, store.NeedsLocks);
        }
        catch (Exception e) when (messages.Count == 1 && !MayPass(e))
        {
            messages[0].Fail(e);
            return [];
        }
        catch (Exception)
        {
            return await CommitAloneAsync(messages);
        }
    }

    private static bool MayPass(Exception e) =>
        e is NpgsqlException { IsTransient: true } or PostgresException { SqlState: ISagaBatchStore<TSaga>.Stale or PostgresErrorCodes.UniqueViolation };

    private async Task<IReadOnlyList<QueuedMessage<TSaga>>> CommitAloneAsync(IReadOnlyList<QueuedMessage<TSaga>> messages)
    {
        var later = new List<QueuedMessage<TSaga>>();
        foreach (var message in messages.Where(x => !x.IsAnswered))
        {
            _metrics.RetriedAlone();
            try
            {
                later.AddRange(await CommitTogetherAsync([message], isLocked: true));
            }
            catch (Exception e)
            {
                message.Fail(e);
            }
        }
        return later;
    }

    private async Task<IReadOnlyList<QueuedMessage<TSaga>>> CommitTogetherAsync(IReadOnlyList<QueuedMessage<TSaga>> messages, bool isLocked)
    {
        using var activity = Activities.HasListeners() ? Start(messages) : null;
        await using var transaction = new BatchTransaction(dataSource);
        try
        {
            return await CommitInAsync(transaction, messages, isLocked);
        }
        catch (Exception e) when (transaction.IsUnreachable)
        {
            // Without a connection there is no point in trying each message alone.
            foreach (var message in messages) message.Fail(e);
            return [];
        }
    }

    private async Task<IReadOnlyList<QueuedMessage<TSaga>>> CommitInAsync(
        BatchTransaction transaction, IReadOnlyList<QueuedMessage<TSaga>> messages, bool isLocked)
    {
        if (isLocked) await transaction.LockAsync(messages.Select(x => SagaLock.Key(typeof(TSaga), x.SagaId)));
        var batch = new SagaBatch<TSaga>(transaction, store);
        await batch.RunAsync(messages);
        var started = Stopwatch.GetTimestamp();
        await WriteAsync(transaction, batch);
        if (batch.Done.Count > 0) _metrics.Committed(batch.Done.Count, Stopwatch.GetElapsedTime(started));
        foreach (var message in batch.Done) message.Complete();
        return batch.Later;
    }

    private async Task WriteAsync(BatchTransaction transaction, SagaBatch<TSaga> batch)
    {
        List<OutboxMessage> sent = [];
        var outcome = batch.Changes.Count > 0 ? await store.SaveAsync(transaction, batch.Changes, CancellationToken.None) : null;
        try
        {
            foreach (var message in batch.Done) sent.AddRange(message.Effects.Messages);
            messaging.AddTo(transaction.Statements, sent);
            await transaction.CommitAsync((asked, cancel) => store.IsSavedAsync(asked, batch.Changes, cancel));
        }
        catch
        {
            outcome?.Abandoned();
            throw;
        }
        messaging.Committed(sent);
        outcome?.Committed();
    }

    // What the database does for a batch is part of its first message's trace, and linked to those of the others.
    private static Activity? Start(IReadOnlyList<QueuedMessage<TSaga>> messages) => Activities.StartActivity(
        "commit batch", ActivityKind.Internal, messages[0].Trace,
        links: messages.Skip(1).Where(m => m.Trace != default).Select(m => new ActivityLink(m.Trace)));
}
