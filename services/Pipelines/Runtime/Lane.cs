using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// One partition on its way through a node: read, ask the processors, write, and from time to time flush the sinks and, once they
/// have confirmed, store the position. A lane that fails is thrown away and starts again from its last checkpoint.
/// </summary>
internal sealed class Lane(NodeContext node, IPartitionReader reader, LaneStatus status, LaneOutput output, LaneProgress progress, CheckpointKey key)
{
    private readonly ProcessorChain _chain = node.CreateChain();
    private StreamRecord[] _passed = new StreamRecord[256];

    /// <summary>Runs until told to stop, or until something fails.</summary>
    /// <param name="node">The node.</param>
    /// <param name="reader">The partition.</param>
    /// <param name="status">Where progress shows.</param>
    /// <param name="stop">Ends reading; what was read is still written and committed.</param>
    /// <param name="abort">Ends everything.</param>
    public static async Task RunAsync(NodeContext node, IPartitionReader reader, LaneStatus status, CancellationToken stop, CancellationToken abort)
    {
        var key = new CheckpointKey(node.Pipeline, node.Definition.Name, reader.Source, reader.Partition);
        var saved = await node.Checkpoints.TakeOverAsync(key, reader.Epoch, abort);
        var progress = new LaneProgress(saved, node.Definition.CheckpointEvery, node.Definition.CheckpointRecords, node.Time);
        status.Update(progress.Counters, progress.NextOffset);
        await using var output = await LaneOutput.OpenAsync(node, reader, abort);
        await new Lane(node, reader, status, output, progress, key).RunAsync(stop, abort);
    }

    private async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        await using var pump = new BatchPump(reader.ReadAsync(progress.NextOffset, stop), node.Time, stop);
        while (true)
        {
            var batch = await pump.ReadAsync(progress.Patience);
            if (batch is not null)
            {
                using (batch) await ProcessAsync(batch, abort);
            }
            var hasEnded = pump.HasEnded;
            if (progress.IsDue || (hasEnded && progress.IsDirty)) await SaveAsync(abort);
            if (hasEnded) return;
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
                if (_chain.Process(record) == ProcessorAnswer.Pass) _passed[passed++] = record;
                else skipped++;
            }
            catch (BadRecordException e)
            {
                await output.DeadLetterAsync(record, e, abort);
                dead++;
            }
        }
        var written = await output.WriteAsync(_passed.AsMemory(0, passed), abort);
        var counters = new RecordCounters(passed, skipped, dead, written, copies);
        progress.Add(counters, batch.NextOffset);
        node.Metrics.Count(node, counters, bytes);
        status.Update(progress.Counters, progress.NextOffset);
    }

    private async Task SaveAsync(CancellationToken abort)
    {
        var checkpoint = progress.ToCheckpoint();
        await output.FlushAsync(checkpoint.NextOffset, abort);
        await node.Checkpoints.SaveAsync(key, reader.Epoch, checkpoint, abort);
        await reader.CommitAsync(checkpoint.NextOffset, abort);
        progress.Saved();
        status.Saved();
    }
}
