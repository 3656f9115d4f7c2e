using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Records;
using Conductor.Brokers;
using Conductor.Pipelines.Definitions;
using Conductor.Pipelines.Topics;
using Conductor.Postgres.Pipelines;

namespace Conductor.Pipelines.Api;

/// <summary>What a pipeline could not decode, newest first, with the original bytes.</summary>
internal static class DeadLetterEndpoints
{
    private const int LargestPage = 200;
    private const int MostLooks = 3;

    public static void MapDeadLetters(this RouteGroupBuilder api)
    {
        api.MapGet("/{name}/dead-letters", ListAsync).Produces<Page<DeadLetterView>>().ProducesProblem(404);
        api.MapGet("/{name}/dead-letters/{topic}/{partition:int}/{offset:long}/body", BodyAsync).Produces(200, contentType: "application/octet-stream")
            .ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(
        string name, int? offset, int? limit, PipelineStore store, StoredDefinitions definitions, StreamBrokers brokers, CancellationToken cancellationToken)
    {
        if (Problems.OfPage(offset, limit, LargestPage) is { } problem) return problem;
        if (await DefinitionAsync(name, store, definitions, cancellationToken) is not { } definition) return Problems.NotFound(name);
        var (broker, topic) = (brokers.Get(definition.Broker), definition.DeadLetterTopic);
        return Results.Ok(await IfThereIsAsync(() => PageAsync(topic, offset ?? 0, limit ?? 50, broker, cancellationToken))
            ?? new Page<DeadLetterView>(0, []));
    }

    private static async Task<Page<DeadLetterView>> PageAsync(
        string topic, long skip, long take, IStreamBroker broker, CancellationToken cancellationToken)
    {
        var items = new List<DeadLetterView>();
        // The topic has one partition, unless somebody gave it more.
        var ranges = await broker.RangesAsync(topic, cancellationToken);
        foreach (var range in ranges.Reverse())
        {
            var (count, last) = (range.Next - range.First, range.Next - skip);
            var first = Math.Max(range.First, last - take);
            if (first < last)
            {
                var wanted = new WantedRecords(topic, range.Partition, new StreamPosition.At(first), last);
                items.AddRange((await RecordReads.ReadAsync(broker, wanted, r => ViewOf(topic, r), cancellationToken)).Items.Reverse());
                take -= last - first;
            }
            skip = Math.Max(0, skip - count);
        }
        return new Page<DeadLetterView>(ranges.Sum(r => r.Next - r.First), items);
    }

    private static async Task<IResult> BodyAsync(
        string name, string topic, int partition, long offset, PipelineStore store, StoredDefinitions definitions, StreamBrokers brokers,
        CancellationToken cancellationToken)
    {
        if (await DefinitionAsync(name, store, definitions, cancellationToken) is not { } definition || definition.DeadLetterTopic != topic)
            return Problems.NotFound(name);
        var broker = brokers.Get(definition.Broker);
        return await IfThereIsAsync(() => RecordReads.ValueAsync(broker, topic, partition, offset, cancellationToken)) is { } found
            ? Results.Bytes(found, "application/octet-stream")
            : Problems.NoRecord(topic, partition, offset);
    }

    /// <summary>Null when there is no topic: it comes with the first run and goes with the pipeline, which another look tells.</summary>
    private static async Task<T?> IfThereIsAsync<T>(Func<Task<T>> read)
    {
        for (var look = 1; ; look++)
        {
            try
            {
                return await read();
            }
            catch (UnknownTopicException)
            {
                return default;
            }
            catch (StreamUnavailableException) when (look < MostLooks)
            {
                // Out of reach, or gone under the reader.
            }
        }
    }

    private static async Task<PipelineDefinition?> DefinitionAsync(
        string name, PipelineStore store, StoredDefinitions definitions, CancellationToken cancellationToken) =>
        await store.FindAsync(name, cancellationToken) is { } stored ? definitions.Of(stored).Definition : null;

    private static DeadLetterView ViewOf(string topic, StreamRecord record)
    {
        string? Header(string name) => record.Headers.Where(h => h.Name == name).Select(h => h.Text).FirstOrDefault();
        return new DeadLetterView(
            topic, record.Partition, record.Offset, record.Timestamp,
            Component: Header(RecordHeaderNames.Component), Source: Header(RecordHeaderNames.Source), Position: Header(RecordHeaderNames.Position),
            Reason: Header(RecordHeaderNames.Reason), SizeBytes: record.Value.Length);
    }
}
