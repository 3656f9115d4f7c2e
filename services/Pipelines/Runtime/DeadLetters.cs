using System.Globalization;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Pipelines.Runtime;

/// <summary>Writes what cannot be decoded to the pipeline's dead-letter topic: the original bytes, with where and why as headers.</summary>
internal sealed class DeadLetters(NodeContext node, IPartitionReader reader) : IAsyncDisposable
{
    private IStreamProducer? _producer;

    public async ValueTask WriteAsync(StreamRecord record, BadRecordException reason, CancellationToken cancellationToken)
    {
        _producer ??= await node.Broker.OpenProducerAsync(node.DeadLetterTopic, cancellationToken);
        var origin = reader.OriginOf(record);
        await _producer.ProduceAsync(new[] { record with { Headers = HeadersOf(record, origin, reason), Timestamp = default } }, cancellationToken);
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => _producer?.FlushAsync(cancellationToken) ?? ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _producer?.DisposeAsync() ?? ValueTask.CompletedTask;

    // What the record brought, but what is said anew, and no more than a broker takes.
    private static List<RecordHeader> Kept(in StreamRecord record)
    {
        var kept = new List<RecordHeader>();
        var (bytes, leftOut) = (0, 0);
        foreach (var header in record.Headers.Where(header => !header.Name.StartsWith(RecordHeaderNames.Prefix, StringComparison.Ordinal)))
        {
            bytes += header.Name.Length + header.Value.Length;
            if (bytes <= RecordHeaderNames.LargestInAll) kept.Add(header);
            else leftOut++;
        }
        if (leftOut > 0) kept.Add(RecordHeader.Of(RecordHeaderNames.LeftOut, leftOut.ToString(CultureInfo.InvariantCulture)));
        if (record.Timestamp != default)
            kept.Add(RecordHeader.Of(RecordHeaderNames.ProducedAt, record.Timestamp.ToString("O", CultureInfo.InvariantCulture)));
        return kept;
    }

    private List<RecordHeader> HeadersOf(in StreamRecord record, RecordOrigin origin, BadRecordException reason) =>
    [
        .. Kept(record),
        RecordHeader.Of(RecordHeaderNames.DedupeId, Origins.IdOf(node.OriginOf(reader.Source, reader.Partition), record.Offset)),
        RecordHeader.Said(RecordHeaderNames.Source, origin.Source),
        RecordHeader.Said(RecordHeaderNames.Position, string.Create(CultureInfo.InvariantCulture, $"{origin.Position}, byte {reason.Position}")),
        RecordHeader.Said(RecordHeaderNames.Component, $"{node.Pipeline}/{node.Definition.Name}"),
        RecordHeader.Said(RecordHeaderNames.Reason, reason.Message),
        RecordHeader.Of(RecordHeaderNames.FailedAt, node.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)),
    ];
}
