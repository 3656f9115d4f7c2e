using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Brokers;
using Conductor.Pipelines.Definitions;
using Conductor.Pipelines.Runtime;
using Microsoft.Extensions.Options;

namespace Conductor.Pipelines.Provisioning;

/// <summary>What is wrong with a definition beside what there is already: other pipelines, and topics.</summary>
internal sealed class RegistrationChecks(StoredDefinitions definitions, StreamBrokers brokers, IOptions<PipelineOptions> options)
{
    /// <summary>All of it; empty when the pipeline can be registered and run.</summary>
    public async Task<IReadOnlyList<PipelineError>> CheckAsync(PipelineDefinition definition, CancellationToken cancellationToken) =>
        [
            .. Folders(definition), .. Transactions(definition), .. await LoopsAsync(definition, cancellationToken),
            .. await TopicsAsync(definition, cancellationToken),
        ];

    /// <summary>The folders that may not be used.</summary>
    public IEnumerable<PipelineError> Folders(PipelineDefinition definition)
    {
        foreach (var node in definition.Nodes)
        {
            var path = $"components.{node.Name}";
            if (node.Source is FolderSource source && options.Value.Roots.RefusalOf(source.Folder) is { } unreadable)
                yield return new(path + ".source.folder", unreadable);
            foreach (var sink in node.Sinks.OfType<AvroFilesSink>())
            {
                if (options.Value.Roots.RefusalOf(sink.Folder) is { } unwritable) yield return new($"{path}.sinks.{sink.Name}.folder", unwritable);
            }
        }
    }

    private IEnumerable<PipelineError> Transactions(PipelineDefinition definition) =>
        from node in definition.Nodes
        where node.Transactions == true && brokers.TransactionsOf(definition, node) is null
        select new PipelineError($"components.{node.Name}.transactions",
            "transactions need topics at both ends, all of them and the pipeline's dead letters on one broker that knows them (kafka)");

    private async Task<IReadOnlyList<PipelineError>> LoopsAsync(PipelineDefinition definition, CancellationToken cancellationToken) =>
        PipelineLoops.Check(definition, await definitions.BesideAsync(definition.Name, cancellationToken), Resolve);

    // Two names of one folder are one folder; what cannot be used is told elsewhere.
    private string Resolve(string folder) => options.Value.Roots.RefusalOf(folder) is null ? options.Value.Roots.Resolve(folder) : folder;

    private async Task<List<PipelineError>> TopicsAsync(PipelineDefinition definition, CancellationToken cancellationToken)
    {
        var errors = new List<PipelineError>();
        foreach (var buffer in definition.Components.OfType<StreamBuffer>())
        {
            var broker = brokers.Get(buffer.Broker);
            foreach (var topic in buffer.Topics)
            {
                if (await RefusalAsync(broker, topic, cancellationToken) is { } refusal)
                    errors.Add(new($"components.{buffer.Name}.topics.{topic.Name}", refusal));
            }
        }
        return errors;
    }

    // Of a broker that is away nothing is known: what it will say then fails the run, with the same words.
    private static async Task<string?> RefusalAsync(IStreamBroker broker, TopicSpecification topic, CancellationToken cancellationToken)
    {
        try
        {
            return broker.RefusalOf(topic) ?? (await broker.FindTopicAsync(topic.Name, cancellationToken))?.RefusalOf(topic);
        }
        catch (StreamUnavailableException)
        {
            return null;
        }
    }
}
