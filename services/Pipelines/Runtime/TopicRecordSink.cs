using System.Globalization;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// A topic as a sink: at least once, every record with the position that it came from, so that copies can be told. For that, a
/// record has to go to the same partition each time: one without a key gets its position as its key, and the number of partitions
/// is part of the origin.
/// </summary>
internal sealed class TopicRecordSink(IStreamBroker broker, string topic, Func<SinkPartition, string> originOf) : IRecordSink
{
    public async Task<ISinkWriter> OpenAsync(SinkPartition partition, CancellationToken cancellationToken)
    {
        var existing = await broker.FindTopicAsync(topic, cancellationToken) ?? throw new UnknownTopicException(topic);
        var origin = string.Create(CultureInfo.InvariantCulture, $"{originOf(partition)}>{existing.Partitions}");
        return new Writer(await broker.OpenProducerAsync(topic, cancellationToken), origin);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Writer(IStreamProducer producer, string origin) : ISinkWriter
    {
        private StreamRecord[] _marked = [];

        public long? Position => null;

        public async ValueTask WriteAsync(ReadOnlyMemory<StreamRecord> records, CancellationToken cancellationToken)
        {
            if (_marked.Length < records.Length) _marked = new StreamRecord[records.Length];
            for (var i = 0; i < records.Length; i++) _marked[i] = Mark(records.Span[i]);
            await producer.ProduceAsync(_marked.AsMemory(0, records.Length), cancellationToken);
        }

        public ValueTask FlushAsync(long nextOffset, CancellationToken cancellationToken) => producer.FlushAsync(cancellationToken);

        public ValueTask DisposeAsync() => producer.DisposeAsync();

        private StreamRecord Mark(in StreamRecord record)
        {
            var id = RecordHeader.Of(RecordHeaderNames.DedupeId, Origins.IdOf(origin, record.Offset));
            return record with
            {
                Key = record.Key.IsEmpty ? id.Value : record.Key,
                Headers = record.Headers.Count == 0 ? [id] : [.. record.Headers.Where(h => h.Name != RecordHeaderNames.DedupeId), id]
            };
        }
    }
}
