using System.Globalization;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// A topic as a sink: at least once, every record with the position that it came from, so that copies can be told. For that, a
/// record has to go to the same partition each time: one without a key gets its position as its key, and the number of partitions
/// is part of the origin. A topic that was deleted is made again.
/// </summary>
internal sealed class TopicRecordSink(IStreamBroker broker, TopicSpecification topic, string identity) : IRecordSink
{
    public async Task<ISinkWriter> OpenAsync(SinkPartition partition, CancellationToken cancellationToken) =>
        new Writer(origin: await OriginAsync(partition, cancellationToken), producer: await broker.OpenProducerAsync(topic.Name, cancellationToken));

    /// <summary>A writer whose records show when a transaction of the topic's broker is committed.</summary>
    public async Task<ISinkWriter> OpenAsync(SinkPartition partition, IStreamTransactions transactions, CancellationToken cancellationToken) =>
        new Writer(origin: await OriginAsync(partition, cancellationToken), producer: await transactions.OpenProducerAsync(topic.Name, cancellationToken));

    private async Task<string> OriginAsync(SinkPartition partition, CancellationToken cancellationToken)
    {
        var existing = await broker.FindOrMakeTopicAsync(topic, cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{NodeNames.OriginOf(identity, partition)}>{existing.Partitions}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Writer(IStreamProducer producer, string origin) : ISinkWriter
    {
        private readonly StreamRecord[] _marked = new StreamRecord[1];

        public long? Position => null;

        public async ValueTask WriteAsync(ReadOnlyMemory<StreamRecord> records, CancellationToken cancellationToken)
        {
            for (var i = 0; i < records.Length; i++)
            {
                _marked[0] = Mark(records.Span[i]);
                await producer.ProduceAsync(_marked, cancellationToken);
            }
        }

        public ValueTask FlushAsync(long nextOffset, CancellationToken cancellationToken) => producer.FlushAsync(cancellationToken);

        public ValueTask DisposeAsync() => producer.DisposeAsync();

        private StreamRecord Mark(in StreamRecord record)
        {
            var hops = Hops.Of(record);
            if (hops >= Hops.Most) throw new BadRecordException($"it has passed {Hops.Most} components, so that it seems to go round", 0);
            var id = RecordHeader.Of(RecordHeaderNames.DedupeId, Origins.IdOf(origin, record.Offset));
            var passed = Hops.After(hops);
            return record with
            {
                Key = record.Key.IsEmpty ? id.Value : record.Key,
                Headers = record.Headers.Count == 0
                    ? [id, passed]
                    : [.. record.Headers.Where(h => h.Name is not (RecordHeaderNames.DedupeId or RecordHeaderNames.Hops)), id, passed]
            };
        }
    }
}
