using Conductor.Domain.Streams.Pipelines;
using Conductor.Brokers;
using Conductor.Postgres.Pipelines;

namespace Conductor.Pipelines.Definitions;

/// <summary>Definitions with a broker for every topic. One that an older version took and this one does not read is none.</summary>
internal sealed class StoredDefinitions(PipelineStore store, StreamBrokers brokers)
{
    /// <summary>Reads a text (<see cref="PipelineYaml.Parse"/>), and says which of the brokers that it names are not here.</summary>
    public ParsedPipeline Parse(string yaml, string? file = null)
    {
        var parsed = PipelineYaml.Parse(yaml, file);
        if (parsed.Definition is not { } definition) return parsed;
        var resolved = definition.On(brokers.Default.Name);
        return (parsed with { Definition = resolved }).With([.. Unknown(resolved)]);
    }

    /// <summary>What the stored text says, under the name that it is stored by, or what is wrong with it.</summary>
    public ParsedPipeline Of(StoredPipeline pipeline)
    {
        var parsed = Parse(pipeline.Yaml);
        return parsed.Definition is { } definition ? parsed with { Definition = definition with { Name = pipeline.Name } } : parsed;
    }

    /// <summary>The readable definitions of all pipelines but one.</summary>
    public async Task<IReadOnlyList<PipelineDefinition>> BesideAsync(string name, CancellationToken cancellationToken) =>
        [.. (await store.AllAsync(cancellationToken)).Where(other => other.Name != name).Select(other => Of(other).Definition).OfType<PipelineDefinition>()];

    private IEnumerable<PipelineError> Unknown(PipelineDefinition definition)
    {
        var named = new List<(string Path, string Broker)> { ("broker", definition.Broker) };
        foreach (var component in definition.Components)
        {
            var path = $"components.{component.Name}";
            named.Add((path + ".broker", component.Broker));
            if (component is not ProcessingNode node) continue;
            if (node.Source is TopicSource source) named.Add((path + ".source.broker", source.Broker));
            named.AddRange(node.Sinks.OfType<TopicSink>().Select(sink => ($"{path}.sinks.{sink.Name}.broker", sink.Broker)));
        }
        // What was handed down from above is told once, there.
        return named.Where(n => brokers.Find(n.Broker) is null).DistinctBy(n => n.Broker)
            .Select(n => new PipelineError(n.Path, $"there is no broker '{n.Broker}' here; configured: {string.Join(", ", brokers.All.Select(b => b.Name))}"));
    }
}
