using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// One partition on its way through a node: read, ask the processors, write, and from time to time flush the sinks and, once they
/// have confirmed, store the position. A lane that fails is thrown away and starts again from its last checkpoint.
/// </summary>
internal sealed class Lane(
    NodeContext node, IPartitionReader reader, LaneStatus status, LaneOutput output, LaneProgress progress, RecordFaults faults,
    IStreamTransactions? transactions)
{
    private readonly SourcePosition _source = new(reader, node.Time);
    private ProcessorChain _chain = node.CreateChain();
    private StreamRecord[] _passed = new StreamRecord[256];

    /// <summary>Runs until told to stop, or until something fails.</summary>
    /// <param name="node">The node.</param>
    /// <param name="reader">The partition.</param>
    /// <param name="status">Where progress shows.</param>
    /// <param name="faults">What single records have failed with in earlier starts.</param>
    /// <param name="stop">Ends reading; what was read is still written and committed.</param>
    /// <param name="abort">Ends everything.</param>
    public static async Task RunAsync(
        NodeContext node, IPartitionReader reader, LaneStatus status, RecordFaults faults, CancellationToken stop, CancellationToken abort)
    {
        while (await RunToLossAsync(node, reader, status, faults, stop, abort) is { } lost) await GoOnElsewhereAsync(node, reader, status, lost, abort);
    }

    private static async Task<LostPositionException?> RunToLossAsync(
        NodeContext node, IPartitionReader reader, LaneStatus status, RecordFaults faults, CancellationToken stop, CancellationToken abort)
    {
        // Opening fences: who comes late from an earlier run is to fence nobody.
        if (node.Transactions is not null) await node.Checkpoints.TakeOverAsync(node.KeyOf(reader), reader.Epoch, abort);
        // Whoever was here before is fenced now: what it was about to commit is decided then.
        await using var transactions = node.Transactions is { } broker ? await broker.OpenTransactionsAsync(node.TransactionsOf(reader), abort) : null;
        var progress = await ProgressOf(node, reader, abort);
        status.Update(progress.Counters, progress.NextOffset);
        if (progress.BeganAnew is { } anew) return anew;
        await using var output = await LaneOutput.OpenAsync(node, reader, progress, (faults, transactions), abort);
        return await new Lane(node, reader, status, output, progress, faults, transactions).RunAsync(stop, abort);
    }

    private static async Task<LaneProgress> ProgressOf(NodeContext node, IPartitionReader reader, CancellationToken abort)
    {
        var kept = await node.Checkpoints.TakeOverAsync(node.KeyOf(reader), reader.Epoch, abort);
        var isCommitted = kept.Pending is not null && node.SourceTransactions is { } broker
            && await broker.CommittedAsync(reader, abort) == kept.Pending.NextOffset;
        return new LaneProgress(isCommitted ? kept.Pending : kept.Last, await reader.GenerationAsync(abort),
            (node.Definition.CheckpointEvery, node.Definition.CheckpointRecords), node.Time);
    }

    private static async Task GoOnElsewhereAsync(
        NodeContext node, IPartitionReader reader, LaneStatus status, LostPositionException lost, CancellationToken abort)
    {
        var policy = (node.Definition.Source as TopicSource)?.OnLostPosition ?? LostPositionPolicy.Earliest;
        if (LostPositions.NextOf(lost, policy) is not { } next) throw new RunEndsException($"partition {reader.Partition} of {reader.Source}: {lost.Message}");
        var progress = await ProgressOf(node, reader, abort);
        var checkpoint = progress.GoneOnAt(lost, next);
        await node.Checkpoints.SaveAsync(node.KeyOf(reader), reader.Epoch, checkpoint, abort);
        await reader.CommitAsync(next, abort);
        RuntimeLog.PositionLost(node.Logger, node.Pipeline, node.Definition.Name, reader.Partition, lost.Message, policy, next);
        node.Metrics.PositionLost(node, lost.LeftOut(next));
        status.PositionLost($"{lost.Message}; it went on at {next}");
    }

    private async Task<LostPositionException?> RunAsync(CancellationToken stop, CancellationToken abort)
    {
        await using var pump = new BatchPump(reader.ReadAsync(progress.NextOffset, stop), node.Time, stop);
        while (true)
        {
            try
            {
                var batch = await NextAsync(pump, abort);
                if (batch is not null)
                {
                    using (batch) await ProcessAsync(batch, abort);
                }
                else if (!progress.IsDirty) output.ThrowFailure();
            }
            catch (LostPositionException lost)
            {
                return lost;
            }
            var hasEnded = pump.HasEnded;
            if (progress.IsDue || (hasEnded && progress.IsDirty)) await SaveAsync(abort);
            await _source.FollowAsync(atOnce: hasEnded, abort);
            if (!hasEnded) continue;
            if (transactions is not null && progress.Last is { } last) await node.Checkpoints.SaveAsync(node.KeyOf(reader), reader.Epoch, last, abort);
            return null;
        }
    }

    private async Task<StreamBatch?> NextAsync(BatchPump pump, CancellationToken abort)
    {
        try
        {
            return await pump.ReadAsync(progress.Patience);
        }
        catch (Exception e) when (progress.IsDirty && e is LostPositionException or StreamUnavailableException)
        {
            // What was read may never be there again.
            await SaveAsync(abort);
            throw;
        }
    }

    private async Task ProcessAsync(StreamBatch batch, CancellationToken abort)
    {
        if (_passed.Length < batch.Count) _passed = new StreamRecord[batch.Count];
        var (passed, skipped, dead, copies) = (0, 0, 0, 0);
        var bytes = 0L;
        for (var i = 0; i < batch.Count; i++)
        {
            var record = batch.Records.Span[i];
            if (progress.Origins.IsCopy(record))
            {
                copies++;
                continue;
            }
            bytes += record.Value.Length;
            try
            {
                if (Ask(record) == ProcessorAnswer.Pass) _passed[passed++] = record;
                else skipped++;
            }
            catch (BadRecordException e)
            {
                await output.DeadLetterAsync(record, e, abort);
                dead++;
            }
        }
        var (written, refused) = await output.WriteAsync(_passed.AsMemory(0, passed), abort);
        var counters = new RecordCounters(passed - refused, skipped, dead + refused, written, copies);
        progress.Add(counters, batch.Records.Span[0].Offset, batch.NextOffset);
        node.Metrics.Count(node, counters, bytes);
        status.Update(progress.Counters, progress.NextOffset);
    }

    // Whatever a processor throws is the fault of the record, for it has nothing else to go by.
    private ProcessorAnswer Ask(in StreamRecord record)
    {
        try
        {
            return _chain.Process(record);
        }
        catch (Exception e) when (e is not BadRecordException)
        {
            _chain = node.CreateChain();
            throw RecordFaults.Of(e);
        }
    }

    // A sink that failed does not hold the others up, nor make them take again what they hold.
    private async Task SaveAsync(CancellationToken abort)
    {
        var checkpoint = progress.ToCheckpoint();
        await output.FlushAsync(checkpoint.NextOffset, abort);
        if (transactions is not null) await CommitAsync(transactions, checkpoint, abort);
        else await KeepAsync(checkpoint, abort);
        progress.Saved(checkpoint);
        faults.Forget(checkpoint.NextOffset);
        status.Saved();
    }

    // The broker keeps position and results; what else the checkpoint says is kept before, for the case that it did and nobody could hear of it.
    private async Task CommitAsync(IStreamTransactions transactions, Checkpoint checkpoint, CancellationToken abort)
    {
        output.ThrowFailure();
        await node.Checkpoints.PrepareAsync(node.KeyOf(reader), reader.Epoch, new(progress.Last, checkpoint), abort);
        await transactions.CommitAsync(reader, checkpoint.NextOffset, abort);
    }

    private async Task KeepAsync(Checkpoint checkpoint, CancellationToken abort)
    {
        if (output.HasFailed)
        {
            await node.Checkpoints.SaveAsync(node.KeyOf(reader), reader.Epoch, progress.WithSinks(output.PositionsBehind), abort);
            output.ThrowFailure();
        }
        await node.Checkpoints.SaveAsync(node.KeyOf(reader), reader.Epoch, checkpoint, abort);
        _source.Saved(checkpoint.NextOffset);
    }
}

/// <summary>The run cannot go on; somebody is to decide.</summary>
internal sealed class RunEndsException(string reason) : Exception(reason);
