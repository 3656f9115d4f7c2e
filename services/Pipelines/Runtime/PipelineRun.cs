namespace Conductor.Pipelines.Runtime;

/// <summary>The nodes of a pipeline in one run, in this process.</summary>
internal sealed class PipelineRun : IAsyncDisposable
{
    // A lane that cannot finish in this time is cut off; its checkpoint says where the next one goes on.
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(20);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();

    public PipelineRun(string pipeline, long epoch, IReadOnlyList<NodeContext> nodes, string process, TimeSpan lease)
    {
        (Pipeline, Epoch, Nodes) = (pipeline, epoch, nodes);
        Ended = Task.WhenAll(
            nodes.Select(node => Task.Run(() => new NodeRun(node, process, lease, _abort.Token).RunAsync(_stop.Token), CancellationToken.None)));
    }

    public string Pipeline { get; }

    public long Epoch { get; }

    public IReadOnlyList<NodeContext> Nodes { get; }

    /// <summary>Completes when nothing of the run is left in this process.</summary>
    public Task Ended { get; }

    /// <summary>Why the run cannot go on; null when it can.</summary>
    public string? End => Nodes.Select(n => n.Status.End is { } end ? $"{n.Definition.Name}: {end}" : null).FirstOrDefault(end => end is not null);

    /// <summary>Whether nobody told it to stop.</summary>
    public bool IsWanted => !_stop.IsCancellationRequested;

    /// <summary>Ends reading; calling it again changes nothing.</summary>
    public void Drain()
    {
        if (_stop.IsCancellationRequested) return;
        _stop.Cancel();
        _abort.CancelAfter(LongestDrain);
    }

    public async ValueTask DisposeAsync()
    {
        Drain();
        // What ended it in another way than asked for has been told; it is over.
        await Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var sink in Nodes.SelectMany(n => n.Sinks)) await sink.Sink.DisposeAsync();
        _stop.Dispose();
        _abort.Dispose();
    }
}
