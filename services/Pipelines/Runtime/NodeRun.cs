using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;

namespace Conductor.Pipelines.Runtime;

/// <summary>A node in one run: as many of its instances as fall to this process, out of all processes of the service.</summary>
internal sealed class NodeRun(NodeContext node, string process, TimeSpan lease, CancellationToken abort)
{
    private readonly Dictionary<int, (CancellationTokenSource Stop, Task Running)> _instances = [];

    /// <summary>Runs until told to stop, then drains its instances.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await BeatAsync(stop);
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
                node.Status.Failed(e.Message);
                RuntimeLog.InstanceFailed(node.Logger, node.Pipeline, node.Definition.Name, -1, e);
            }
            await Task.Delay(lease / 4, node.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(_instances.Keys.ToList().Select(EndAsync));
        await LeaveAsync();
    }

    private async Task BeatAsync(CancellationToken stop)
    {
        var share = await node.Groups.HeartbeatAsync(node.Instances, node.Definition.Instances, new GroupMember(process, node.Epoch), lease, stop);
        foreach (var held in share.Held.Where(h => !_instances.ContainsKey(h.Partition) && !share.HandBack.Contains(h.Partition))) Begin(held.Partition);
        foreach (var number in _instances.Keys.Where(n => share.HandBack.Contains(n) || share.Held.All(h => h.Partition != n)).ToList())
        {
            await EndAsync(number);
            _instances.Remove(number);
            foreach (var held in share.Held.Where(h => h.Partition == number)) await node.Groups.ReleaseAsync(node.Instances, held, stop);
        }
    }

    private void Begin(int number)
    {
        var stop = new CancellationTokenSource();
        _instances[number] = (stop, Task.Run(() => new NodeInstance(node, number).RunAsync(stop.Token, abort), CancellationToken.None));
    }

    private async Task EndAsync(int number)
    {
        var (stop, running) = _instances[number];
        await stop.CancelAsync();
        await running;
        stop.Dispose();
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
}
