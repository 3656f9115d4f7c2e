using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Processing;
using Conductor.Pipelines.Definitions;
using Conductor.Pipelines.Runtime;
using Conductor.Postgres.Pipelines;

namespace Conductor.Pipelines.Api;

/// <summary>Puts together what is stored of a pipeline and what it is doing in this process.</summary>
internal sealed class PipelineViews(PipelineRuns runs, StoredDefinitions definitions, ICheckpointStore checkpoints)
{
    public async Task<PipelineSummary> SummaryAsync(StoredPipeline pipeline, CancellationToken cancellationToken) => new()
    {
        Name = pipeline.Name,
        State = pipeline.Status.ToString(),
        Epoch = pipeline.Epoch,
        StartedAt = pipeline.StartedAt,
        UpdatedAt = pipeline.UpdatedAt,
        LastError = pipeline.LastError,
        Components = await ComponentsAsync(definitions.Of(pipeline).Definition, cancellationToken),
    };

    public async Task<PipelineDetail> DetailAsync(StoredPipeline pipeline, CancellationToken cancellationToken)
    {
        var definition = definitions.Of(pipeline).Definition;
        return new()
        {
            Name = pipeline.Name,
            State = pipeline.Status.ToString(),
            Epoch = pipeline.Epoch,
            StartedAt = pipeline.StartedAt,
            UpdatedAt = pipeline.UpdatedAt,
            LastError = pipeline.LastError,
            Components = await ComponentsAsync(definition, cancellationToken),
            Yaml = pipeline.Yaml,
            Topics = definition is null ? [] : [.. PipelineTopics.Of(definition).Select(topic => new TopicReference(topic.Broker, topic.Topic.Name))],
        };
    }

    // Nothing is known of a definition that is not valid any more. A stored one has the name that it is stored by.
    private async Task<IReadOnlyList<ComponentView>> ComponentsAsync(PipelineDefinition? definition, CancellationToken cancellationToken)
    {
        if (definition is null) return [];
        var saved = await checkpoints.ReadAsync(definition.Name, cancellationToken);
        var running = runs.Find(definition.Name)?.Nodes ?? [];
        return [.. definition.Components.Select(c => c is ProcessingNode node
            ? NodeView(definition.Name, node, running.FirstOrDefault(n => n.Definition.Name == node.Name)?.Status, saved)
            : new ComponentView(c.Name, c.Type, 1, Counters: null, 0, Lag: null, LastError: null))];
    }

    // Lanes of this process know more than their last checkpoint, once they have read it; other partitions count as their checkpoint says.
    private static ComponentView NodeView(string pipeline, ProcessingNode node, NodeStatus? status, IReadOnlyDictionary<CheckpointKey, Checkpoint> saved)
    {
        var lanes = status?.Lanes.ToDictionary(l => NodeNames.KeyOf(pipeline, node, l.Reader.Source, l.Reader.Partition)) ?? [];
        var group = NodeNames.GroupOf(pipeline, node);
        var known = saved.Where(s => s.Key.Component == node.Name && s.Key.Group == group).ToDictionary(s => s.Key, s => s.Value.Counters);
        foreach (var (key, lane) in lanes)
            if (lane.Counters is { } counted) known[key] = counted;
        var counters = known.Values.Aggregate(default(RecordCounters), (a, b) => a + b);
        long? lag = lanes.Count == 0 || lanes.Values.Any(l => l.Lag is null) ? null : lanes.Values.Sum(l => l.Lag);
        var view = new CountersView(counters.Read, counters.Passed, counters.Skipped, counters.DeadLettered, counters.Written, counters.Copies)
        {
            Lost = counters.Lost,
        };
        return new ComponentView(node.Name, node.Type, node.Instances, view, Math.Round(status?.PerSecond ?? 0, 1), lag, status?.Error)
        {
            LostPosition = status?.LostPosition,
        };
    }
}
