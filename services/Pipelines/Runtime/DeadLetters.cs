using System.Globalization;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// Writes what cannot be processed to the pipeline's dead-letter topic: the original bytes, with where and why as headers. What the broker cannot take
/// whole is cut, and says so: a dead letter always gets through.
/// </summary>
internal sealed class DeadLetters(NodeContext node, IPartitionReader reader, SinkPartition partition, IStreamTransactions? transactions)
    : IAsyncDisposable
{
    // The key and all headers share one frame, 128 kB unless configured otherwise.
    private const int LongestKey = 4_000;
    private const int FirstBytes = 1_000_000;
    private IStreamProducer? _producer;

    public async ValueTask WriteAsync(StreamRecord record, string step, BadRecordException reason, CancellationToken cancellationToken)
    {
        var hops = Hops.Of(record);
        if (hops >= Hops.Most && reader.Source == SourceNames.OfTopic(node.Broker.Name, node.DeadLetterTopic))
        {
            // It goes round through this topic, and is in it already.
            RuntimeLog.GoesRound(node.Logger, node.Pipeline, node.Definition.Name, reader.Partition, record.Offset);
            return;
        }
        _producer ??= await OpenAsync(cancellationToken);
        var letter = record with { Key = Cut(record.Key), Headers = HeadersOf(record, step, reason, hops), Timestamp = default, Fault = null };
        try
        {
            await _producer.ProduceAsync(new[] { letter }, cancellationToken);
        }
        catch (BadRecordException)
        {
            var size = RecordHeader.Of(RecordHeaderNames.OriginalBytes, record.Value.Length.ToString(CultureInfo.InvariantCulture));
            letter = letter with { Headers = [.. letter.Headers, size], Value = record.Value[..Math.Min(record.Value.Length, FirstBytes)] };
            await _producer.ProduceAsync(new[] { letter }, cancellationToken);
        }
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => _producer?.FlushAsync(cancellationToken) ?? ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _producer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<IStreamProducer> OpenAsync(CancellationToken cancellationToken)
    {
        await node.Broker.FindOrMakeTopicAsync(new TopicSpecification(node.DeadLetterTopic).Limited, cancellationToken);
        return transactions is null
            ? await node.Broker.OpenProducerAsync(node.DeadLetterTopic, cancellationToken)
            : await transactions.OpenProducerAsync(node.DeadLetterTopic, cancellationToken);
    }

    private List<RecordHeader> HeadersOf(in StreamRecord record, string step, BadRecordException reason, int hops)
    {
        var origin = reader.OriginOf(record);
        return
        [
            .. Kept(record),
            RecordHeader.Of(RecordHeaderNames.DedupeId, Origins.IdOf(NodeNames.OriginOf(node.Identity, partition), record.Offset)),
            RecordHeader.Said(RecordHeaderNames.Source, origin.Source),
            RecordHeader.Said(RecordHeaderNames.Position, string.Create(CultureInfo.InvariantCulture, $"{origin.Position}, byte {reason.Position}")),
            RecordHeader.Said(RecordHeaderNames.Component, $"{node.Pipeline}/{node.Definition.Name}{step}"),
            RecordHeader.Said(RecordHeaderNames.Reason, reason.Message),
            RecordHeader.Of(RecordHeaderNames.FailedAt, node.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)),
            Hops.After(hops),
        ];
    }

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

    private static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> key) => key.Length <= LongestKey ? key : key[..LongestKey];
}
