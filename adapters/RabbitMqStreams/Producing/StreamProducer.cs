using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.RabbitMqStreams.Connections;
using Conductor.RabbitMqStreams.Topics;
using RabbitMQ.Client;

namespace Conductor.RabbitMqStreams.Producing;

/// <summary>Publishes to the stream queues of a topic on one channel with publisher confirms.</summary>
internal sealed class StreamProducer : IStreamProducer
{
    private readonly IChannel _channel;
    private readonly string[] _queues;
    private readonly bool[] _hasConfirmed;
    private readonly ConfirmWindow _window;
    private readonly TimeProvider _time;
    private readonly RecordLimits _limits;
    private readonly TimeSpan _firstPatience;
    private ulong _sequence;
    private int _turn;

    private StreamProducer(IChannel channel, TopicSpecification topic, RabbitMqStreamOptions options, TimeProvider time, RecordLimits limits, Action missing)
    {
        _channel = channel;
        _queues = [.. Enumerable.Range(0, topic.Partitions).Select(p => TopicQueues.NameOf(topic.Name, p))];
        _hasConfirmed = new bool[_queues.Length];
        _window = new ConfirmWindow(options, time);
        (_time, _limits, _firstPatience) = (time, limits, options.FirstConfirmPatience);
        channel.BasicAcksAsync += (_, e) => Note(() => _window.Confirmed(e.DeliveryTag, e.Multiple));
        channel.BasicNacksAsync += (_, _) => Note(() => _window.Fail($"the broker refused a record for {topic.Name}"));
        channel.BasicReturnAsync += (_, e) => Note(() =>
        {
            missing();
            _window.Fail($"there is no queue {e.RoutingKey}");
        });
        channel.ChannelShutdownAsync += (_, e) => Note(() => _window.Fail(e.ReplyText));
    }

    public static async Task<StreamProducer> OpenAsync(
        BrokerConnection connection, TopicSpecification topic, RabbitMqStreamOptions options, TimeProvider time, Action missing,
        CancellationToken cancellationToken)
    {
        // The client's own tracking makes a task per message; the window does with two numbers.
        var channel = await connection.OpenChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false), cancellationToken);
        return new StreamProducer(channel, topic, options, time, new RecordLimits(options.LargestRecord, connection.FrameMax), missing)
        {
            _sequence = await channel.GetNextPublishSequenceNumberAsync(cancellationToken),
        };
    }

    public async ValueTask ProduceAsync(ReadOnlyMemory<StreamRecord> records, CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < records.Length; i++)
            {
                var record = records.Span[i];
                _limits.Check(record);
                await _window.RoomAsync(cancellationToken);
                _window.Sent(_sequence++, record.Value.Length);
                var partition = PartitionFor(record);
                var publishing = _channel.BasicPublishAsync("", _queues[partition], mandatory: true,
                    AmqpRecord.PropertiesOf(record, _time.GetUtcNow()), record.Value, _window.Failed);
                // Who gives up a record that the socket does not take cannot know whether it went: the producer is spent with it.
                if (!publishing.IsCompletedSuccessfully)
                    using (cancellationToken.UnsafeRegister(_ => _window.Fail("a record was given up on its way"), null)) await publishing;
                if (_hasConfirmed[partition]) continue;
                // Were it lost and a later one taken, it would come behind that one when it is sent again, and be taken for a copy.
                await _window.EmptyAsync(_firstPatience, cancellationToken);
                _hasConfirmed[partition] = true;
            }
        }
        catch (OperationCanceledException) when (_window.Failed.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _window.ThrowIfFailed();
        }
        catch (Exception e) when (BrokerConnection.IsUnavailable(e))
        {
            throw BrokerConnection.Unavailable(e);
        }
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => _window.EmptyAsync(cancellationToken);

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    private int PartitionFor(in StreamRecord record) => _queues.Length == 1 ? 0
        : record.Key.IsEmpty ? (int)((uint)_turn++ % (uint)_queues.Length)
        : Partitioner.PartitionOf(record.Key.Span, _queues.Length);

    private static Task Note(Action note)
    {
        note();
        return Task.CompletedTask;
    }
}
