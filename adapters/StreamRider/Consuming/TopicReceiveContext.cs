using Conductor.Contracts;
using Conductor.StreamRider.Records;
using MassTransit;
using MassTransit.Transports;

namespace Conductor.StreamRider.Consuming;

/// <summary>A record on its way through the pipeline of an endpoint.</summary>
internal sealed class TopicReceiveContext<TKey> : BaseReceiveContext, KafkaConsumeContext<TKey>, ITransportSequenceNumber
{
    private readonly ConsumedRecord _record;

    /// <param name="record">The record.</param>
    /// <param name="endpoint">Whose pipeline it goes through.</param>
    /// <param name="redelivered">Whether it has gone there before, as far as this process knows.</param>
    /// <param name="deadLetters">Takes it when it fails for good, or when nobody wants it.</param>
    public TopicReceiveContext(ConsumedRecord record, ReceiveEndpointContext endpoint, bool redelivered, DeadLetterTransport deadLetters)
        : base(redelivered, endpoint, record, deadLetters)
    {
        _record = record;
        Body = new BytesMessageBody(record.Body);
        HeaderProvider = RecordHeaderProvider.Of(record.Record.Headers);
        InputAddress = BusAddress.OfTopic(record.Source.Topic);
    }

    public override MessageBody Body { get; }

    public string GroupId => _record.Source.Group;

    public string Topic => _record.Source.Topic;

    public int Partition => _record.Record.Partition;

    public long Offset => _record.Record.Offset;

    public DateTime CheckpointUtcDateTime => _record.Record.Timestamp.UtcDateTime;

    public TKey? Key => KeyFormat.Read<TKey>(_record.Record.Key);

    // Of the batches of a consumer.
    public ulong? SequenceNumber => (ulong)Offset;

    protected override IHeaderProvider HeaderProvider { get; }
}
