using Conductor.Contracts.Pipelines;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Brokers;
using Conductor.Pipelines.Definitions;
using Conductor.Pipelines.Runtime;
using Conductor.Postgres.Pipelines;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Conductor.Pipelines.Provisioning;

/// <summary>
/// Creates the topics of a run. A broker that is down makes the message come back later; what cannot succeed fails the run.
/// </summary>
internal sealed class ProvisionPipelineConsumer(
    PipelineStore store, StoredDefinitions definitions, StreamBrokers brokers, RegistrationChecks checks, IOptions<PipelineOptions> options)
    : IConsumer<ProvisionPipeline>
{
    public async Task Consume(ConsumeContext<ProvisionPipeline> context)
    {
        var run = context.Message;
        var problem = await ProvisionAsync(run.Name, context.CancellationToken);
        if (problem is null) await context.Publish(new PipelineProvisioned { PipelineId = run.PipelineId, Epoch = run.Epoch });
        else await context.Publish(new PipelineFailed { PipelineId = run.PipelineId, Epoch = run.Epoch, Reason = problem });
    }

    private async Task<string?> ProvisionAsync(string name, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(name, cancellationToken) is not { } stored) return "it has no definition any more";
        var parsed = definitions.Of(stored);
        if (parsed.Definition is not { } definition) return $"its definition is not valid any more: {parsed.Errors[0].Message}";
        if ((await checks.CheckAsync(definition, cancellationToken)).FirstOrDefault() is { Message: { } refusal }) return refusal;
        foreach (var folder in definition.Nodes.Select(n => n.Source).OfType<FolderSource>().Select(f => options.Value.Roots.Resolve(f.Folder)))
        {
            if (!Directory.Exists(folder)) return $"there is no folder '{folder}'";
        }
        try
        {
            foreach (var (broker, topic) in PipelineTopics.Of(definition)) await brokers.Get(broker).EnsureTopicAsync(topic.Limited, cancellationToken);
            return null;
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }
}
