using System.Text.Json;
using Conductor.Contracts.Pipelines;
using Conductor.Engines;
using Conductor.StreamContract;
using Conductor.Testing;

namespace Conductor.Pipelines.Tests.Service;

[Integration]
public sealed class CountPublisherTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    [Fact]
    public async Task How_far_a_pipeline_has_come_is_on_a_topic_with_the_pipeline_as_key()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq, ("Events__Enabled", "true"), ("Events__Partitions", "1"));
        await using var beside = new TopicsBeside(service, rabbitMq);
        Packets.Generate(Path.Combine(service.Data, "in"), 20);
        await service.BeginAsync($$"""
            name: {{service.Id}}
            components:
              copy: { type: processing-node, source: { folder: in }, sinks: { files: { folder: out } } }
            """, service.Id);
        await service.ReadAsync(service.Id, "copy", 20);
        var counted = await Eventually.GetAsync(async () =>
        {
            if (await beside.Broker.FindTopicAsync(PipelineCounted.Topic, Steps.Soon()) is null) return null;
            var range = (await beside.Broker.RangesAsync(PipelineCounted.Topic, Steps.Soon())).Single();
            if (range.Next == range.First) return null;
            var records = await beside.Broker.RecordsAsync(PipelineCounted.Topic, (int)(range.Next - range.First));
            return records.Where(record => record.Key.Span.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(service.Id)))
                .Select(record => JsonSerializer.Deserialize<PipelineCounted>(record.Value.Span, JsonSerializerOptions.Web)!)
                .FirstOrDefault(c => c.Read == 20);
        }, "20 records are counted on the topic");
        (counted.Node, counted.Passed, counted.Skipped, counted.DeadLettered, counted.Epoch).ShouldBe(("copy", 20, 0, 0, 1));
    }
}
