using System.Collections.Concurrent;

namespace Conductor.Pipelines.Runtime;

/// <summary>The runs in this process, by pipeline.</summary>
internal sealed class PipelineRuns
{
    private readonly ConcurrentDictionary<string, PipelineRun> _runs = [];

    public ICollection<PipelineRun> All => _runs.Values;

    public IEnumerable<NodeContext> Nodes => _runs.Values.SelectMany(r => r.Nodes);

    public PipelineRun? Find(string pipeline) => _runs.GetValueOrDefault(pipeline);

    public void Add(PipelineRun run) => _runs[run.Pipeline] = run;

    public void Remove(PipelineRun run) => _runs.TryRemove(KeyValuePair.Create(run.Pipeline, run));
}
