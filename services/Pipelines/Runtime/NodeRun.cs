using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;

namespace Conductor.Pipelines.Runtime;

/// <summary>A node in one run: as many of its instances as fall to this process, out of all processes of the service.</summary>
internal sealed class NodeRun(NodeContext node, string process, TimeSpan lease, CancellationToken abort)
{
    private readonly Dictionary<int, Instance> _instances = [];

    /// <summary>Runs until told to stop, then drains its instances.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await BeatAsync(stop);
                node.Status.SharingFailed(null);
            }
            catch (FencedException)
            {
                break;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                node.Status.SharingFailed(e.Message);
                RuntimeLog.InstanceFailed(node.Logger, node.Pipeline, node.Definition.Name, -1, e);
            }
            await Task.Delay(lease / 4, node.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(_instances.Values.Select(instance => instance.EndAsync()));
        await LeaveAsync();
    }

    private async Task BeatAsync(CancellationToken stop)
    {
        var share = await node.Groups.HeartbeatAsync(node.Instances, node.Definition.Instances, new GroupMember(process, node.Epoch), lease, stop);
        foreach (var (number, instance) in _instances.Where(i => i.Value.HasEnded).ToList())
        {
            _instances.Remove(number);
            await instance.EndAsync();
        }
        foreach (var held in share.ToRelease(_instances.ContainsKey)) await node.Groups.ReleaseAsync(node.Instances, held, stop);
        foreach (var held in share.Held.Where(h => !_instances.ContainsKey(h.Partition) && !share.HandBack.Contains(h.Partition)))
            _instances[held.Partition] = new Instance(node, held.Partition, abort);
        // An instance takes its time to drain, while the others have to be heard of: it is handed back at a later beat.
        foreach (var (_, instance) in _instances.Where(i => share.HandBack.Contains(i.Key) || share.Held.All(h => h.Partition != i.Key))) instance.Stop();
    }

    private async Task LeaveAsync()
    {
        try
        {
            await node.Groups.LeaveAsync(node.Instances, process, CancellationToken.None);
        }
        catch (StreamUnavailableException e)
        {
            // The lease runs out by itself.
            RuntimeLog.InstanceFailed(node.Logger, node.Pipeline, node.Definition.Name, -1, e);
        }
    }

    private sealed class Instance
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Instance(NodeContext node, int number, CancellationToken abort) =>
            _running = Task.Run(() => new NodeInstance(node, number).RunAsync(_stop.Token, abort), CancellationToken.None);

        public bool HasEnded => _running.IsCompleted;

        public void Stop() => _stop.Cancel();

        public async Task EndAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }
    }
}
