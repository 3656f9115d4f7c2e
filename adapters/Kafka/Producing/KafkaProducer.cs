using System.Runtime.InteropServices;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.Kafka.Connections;
using Confluent.Kafka;
using Partitioner = Conductor.Domain.Streams.Brokers.Partitioner;

namespace Conductor.Kafka.Producing;

/// <summary>Produces to one topic through a client that others share. What was not flushed when it is disposed is sent all the same, or not.</summary>
internal sealed class KafkaProducer : IStreamProducer
{
    // Around a record in its batch: attributes, timestamp, offset, lengths (Kafka's message format, version 2).
    private const int PerRecord = 128;
    private readonly ProducingClient _client;
    private readonly TopicPartition[] _partitions;
    private readonly SendWindow _window;
    private readonly TimeProvider _time;
    private readonly Action<DeliveryReport<byte[]?, byte[]?>> _delivered;
    private readonly int _largestMessage;
    private int _turn;

    public KafkaProducer(ProducingClient client, string topic, int partitions, int largestMessage, KafkaStreamOptions options, TimeProvider time)
    {
        (_client, _largestMessage, _time) = (client, Math.Min(largestMessage, ClientSettings.LargestMessage(options)), time);
        _partitions = [.. Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p))];
        _window = new SendWindow(options.UnconfirmedRecords, options.UnconfirmedBytes);
        _delivered = OnDelivered;
        _client.Add(_window);
    }

    public async ValueTask ProduceAsync(ReadOnlyMemory<StreamRecord> records, CancellationToken cancellationToken)
    {
        for (var i = 0; i < records.Length; i++)
        {
            Check(records.Span[i]);
            await _window.RoomAsync(cancellationToken);
            while (!TryProduce(records.Span[i])) await Task.Delay(TimeSpan.FromMilliseconds(20), _time, cancellationToken);
        }
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => _window.EmptyAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        _client.Remove(_window);
        return ValueTask.CompletedTask;
    }

    // False where the client's queue, which all producers share, is full.
    private bool TryProduce(in StreamRecord record)
    {
        var message = new Message<byte[]?, byte[]?>
        {
            Key = record.Key.IsEmpty ? null : ArrayOf(record.Key),
            Value = record.IsNull ? null : ArrayOf(record.Value),
            Headers = KafkaHeaders.Of(record.Headers),
            Timestamp = new Timestamp(record.Timestamp == default ? _time.GetUtcNow() : record.Timestamp),
        };
        _window.ThrowIfFailed();
        _window.Sent(record.Value.Length);
        try
        {
            _client.Produce(PartitionFor(record), message, _delivered);
            return true;
        }
        catch (KafkaException e)
        {
            _window.Confirmed(record.Value.Length);
            if (e.Error.Code == ErrorCode.Local_QueueFull) return false;
            throw e.Error.Code == ErrorCode.MsgSizeTooLarge ? TooLarge(record.Value.Length) : KafkaErrors.Unavailable(e);
        }
    }

    private void OnDelivered(DeliveryReport<byte[]?, byte[]?> report)
    {
        if (report.Error.IsError) _window.Fail(KafkaErrors.Unavailable(report.Error));
        else _window.Confirmed(report.Message.Value?.Length ?? 0);
    }

    private void Check(in StreamRecord record)
    {
        var size = PerRecord + record.Key.Length + record.Value.Length;
        foreach (var header in record.Headers) size += 16 + (header.Name.Length * 2) + header.Value.Length;
        if (size > _largestMessage) throw TooLarge(record.Value.Length);
    }

    private BadRecordException TooLarge(int bytes) =>
        new($"it has {bytes} bytes, and topic '{_partitions[0].Topic}' takes {_largestMessage} at most, with key and headers", _largestMessage);

    private TopicPartition PartitionFor(in StreamRecord record) => _partitions[_partitions.Length == 1 ? 0
        : record.Key.IsEmpty ? (int)((uint)_turn++ % (uint)_partitions.Length)
        : Partitioner.PartitionOf(record.Key.Span, _partitions.Length)];

    // The client copies it at once.
    private static byte[] ArrayOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array) && array.Offset == 0 && array.Count == array.Array!.Length ? array.Array : bytes.ToArray();
}
