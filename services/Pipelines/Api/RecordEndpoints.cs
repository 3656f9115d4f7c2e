using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.Brokers;
using Conductor.Pipelines.Topics;

namespace Conductor.Pipelines.Api;

/// <summary>Records of topics, to look at.</summary>
internal static class RecordEndpoints
{
    public static void MapRecords(this RouteGroupBuilder api)
    {
        api.MapGet("/{broker}/{topic}/records", ListAsync).Produces<RecordPage>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        api.MapGet("/{broker}/{topic}/records/{partition:int}/{offset:long}/value", ValueAsync).Produces(200, contentType: "application/octet-stream")
            .ProducesProblem(404).ProducesProblem(503);
    }

    private static Task<IResult> ListAsync(
        string broker, string topic, int? partition, long? offset, string? since, int? latest, int? limit, StreamBrokers brokers,
        CancellationToken cancellationToken) =>
        BrokerAnswers.OfAsync(brokers, broker, async found =>
        {
            var seek = new RecordSeek(partition ?? 0, offset, since, latest, limit);
            if (seek.Complaint is { } complaint) return Problems.BadRequest(complaint);
            var ranges = await found.AskAsync(stop => found.RangesAsync(topic, stop), cancellationToken);
            return seek.Partition < ranges.Count
                ? Results.Ok(await PageAsync(found, topic, seek, ranges[seek.Partition], cancellationToken))
                : Problems.BadRequest($"partition is 0 to {ranges.Count - 1} in {topic}");
        });

    private static async Task<RecordPage> PageAsync(
        IStreamBroker broker, string topic, RecordSeek seek, PartitionRange range, CancellationToken cancellationToken)
    {
        if (seek.In(topic, range) is not { } wanted) return new(range.Partition, range.First, range.Next, [], range.Next, WordOf(ReadingEnd.End));
        var taken = await RecordReads.ReadAsync(broker, wanted, ViewOf, cancellationToken);
        return new(range.Partition, range.First, range.Next, taken.Items, taken.Next ?? (wanted.From as StreamPosition.At)?.Offset, WordOf(taken.EndedBy));
    }

    private static Task<IResult> ValueAsync(
        string broker, string topic, int partition, long offset, StreamBrokers brokers, CancellationToken cancellationToken) =>
        BrokerAnswers.OfAsync(brokers, broker, async found =>
            await RecordReads.ValueAsync(found, topic, partition, offset, cancellationToken) is { } value
                ? Results.Bytes(value, "application/octet-stream")
                : Problems.NoRecord(topic, partition, offset));

    private static string WordOf(ReadingEnd end) => end.ToString().ToLowerInvariant();

    private static RecordView ViewOf(StreamRecord record) => new()
    {
        Partition = record.Partition,
        Offset = record.Offset,
        Timestamp = record.Timestamp == default ? null : record.Timestamp,
        Key = record.Key.IsEmpty ? null : Preview.Of(record.Key.Span),
        Headers = [.. record.Headers.Select(header => new HeaderView(header.Name, header.Text))],
        Size = record.Value.Length,
        IsNull = record.IsNull,
        Fault = record.Fault,
        Value = Preview.Of(record.Value.Span),
    };
}
