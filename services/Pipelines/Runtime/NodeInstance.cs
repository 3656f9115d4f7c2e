using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Pipelines.Runtime;

/// <summary>One of a node's instances: joins its source and runs a lane for each partition that it is given.</summary>
internal sealed class NodeInstance(NodeContext node, int number)
{
    /// <summary>Runs until told to stop; whatever fails is tried again, after growing pauses, and shows in the node's status.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        var backoff = new Backoff(node.Time);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(stop, abort);
                backoff.Reset();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested || abort.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                node.Status.InstanceFailed(number, e.Message);
                RuntimeLog.InstanceFailed(node.Logger, node.Pipeline, node.Definition.Name, number, e);
                await backoff.PauseAsync(stop);
            }
        }
    }

    private async Task RunOnceAsync(CancellationToken stop, CancellationToken abort)
    {
        await using var source = await node.OpenSourceAsync(number, stop);
        node.Status.InstanceFailed(number, error: null);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var lanes = new List<Task>();
        try
        {
            await foreach (var reader in source.PartitionsAsync(ending.Token))
            {
                lanes.RemoveAll(l => l.IsCompleted);
                lanes.Add(RunLaneAsync(reader, ending.Token, abort));
            }
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(lanes);
        }
    }

    private async Task RunLaneAsync(IPartitionReader reader, CancellationToken ending, CancellationToken abort)
    {
        await Task.Yield();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ending, reader.Revoked);
        node.Metrics.PartitionTaken(node);
        using var handedBack = reader.Revoked.Register(() => node.Metrics.PartitionHandedBack(node));
        var status = node.Status.Open(reader);
        var (backoff, faults, checkpoints) = (new Backoff(node.Time), new RecordFaults(), 0L);
        while (!stop.IsCancellationRequested && !await TryRunLaneAsync(reader, status, faults, stop.Token, abort))
        {
            if (status.Checkpoints > checkpoints) backoff.Reset();
            checkpoints = status.Checkpoints;
            await backoff.PauseAsync(stop.Token);
        }
        node.Status.Close(status);
        try
        {
            await reader.DisposeAsync();
        }
        catch (Exception e)
        {
            // The lease runs out by itself.
            RuntimeLog.LaneFailed(node.Logger, node.Pipeline, node.Definition.Name, reader.Partition, e);
        }
    }

    // True when the lane has ended for good.
    private async Task<bool> TryRunLaneAsync(
        IPartitionReader reader, LaneStatus status, RecordFaults faults, CancellationToken stop, CancellationToken abort)
    {
        try
        {
            await Lane.RunAsync(node, reader, status, faults, stop, abort);
            return true;
        }
        catch (FencedException e)
        {
            // Who has lost the partition hears of it by the group; until then it is still to be served from here.
            RuntimeLog.LaneFenced(node.Logger, node.Pipeline, node.Definition.Name, reader.Partition, e.Message);
            return false;
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested || stop.IsCancellationRequested)
        {
            return true;
        }
        catch (RunEndsException e)
        {
            node.Status.Ends(e.Message);
            return true;
        }
        catch (Exception e)
        {
            status.Failed(e.Message);
            RuntimeLog.LaneFailed(node.Logger, node.Pipeline, node.Definition.Name, reader.Partition, e);
            return false;
        }
    }
}
