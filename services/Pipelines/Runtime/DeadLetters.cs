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

    private List<RecordHeader> HeadersOf(in StreamRecord record, RecordOrigin origin, BadRecordException reason) =>
    [
        .. record.Headers.Where(h => h.Name != RecordHeaderNames.DedupeId),
        RecordHeader.Of(RecordHeaderNames.DedupeId, Origins.IdOf(node.OriginOf(reader.Source, reader.Partition), record.Offset)),
        RecordHeader.Of(RecordHeaderNames.Source, origin.Source),
        RecordHeader.Of(RecordHeaderNames.Position, string.Create(CultureInfo.InvariantCulture, $"{origin.Position}, byte {reason.Position}")),
        RecordHeader.Of(RecordHeaderNames.Component, $"{node.Pipeline}/{node.Definition.Name}"),
        RecordHeader.Of(RecordHeaderNames.Reason, reason.Message),
        RecordHeader.Of(RecordHeaderNames.FailedAt, node.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)),
    ];
}
