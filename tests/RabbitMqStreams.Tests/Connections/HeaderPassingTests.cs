using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.Engines;
using Conductor.RabbitMqStreams.Tests.Contract;
using RabbitMQ.Client;
using static Conductor.RabbitMqStreams.Tests.Contract.Steps;

namespace Conductor.RabbitMqStreams.Tests.Connections;

[Integration]
public sealed class HeaderPassingTests(RabbitMqBroker underTest) : IClassFixture<RabbitMqBroker>
{
    /// <summary>What RabbitMQ's streams keep; tables and lists they leave out of what is published to them.</summary>
    [Fact]
    public async Task Typed_headers_properties_and_binary_keys_come_back_from_a_stream_and_once_more_from_the_next()
    {
        var broker = await underTest.GetAsync();
        var (first, second) = (await broker.NewTopicAsync(), await broker.NewTopicAsync());
        RecordHeader[] headers =
        [
            RecordHeader.Of("text", "grüße"), Typed("binary", new BinaryTableValue([0, 254])), Typed("true", true), Typed("int", -70_000),
            Typed("long", long.MaxValue), Typed("double", 0.1),
            RecordHeader.Of("amqp-content-type", "application/json"), RecordHeader.Of("amqp-message-id", "m-1"),
            Typed("amqp-timestamp", new AmqpTimestamp(1_700_000_000)),
        ];
        await broker.ProduceAsync(first, new StreamRecord { Key = new byte[] { 0, 255 }, Value = new byte[1], Headers = headers });
        var record = await FirstAsync(broker, first);
        await broker.ProduceAsync(second, record);
        var passedOn = await FirstAsync(broker, second);
        foreach (var read in new[] { record, passedOn })
        {
            read.Fault.ShouldBeNull();
            read.Key.ToArray().ShouldBe([0, 255]);
            foreach (var header in headers)
            {
                var found = read.Headers.Single(other => other.Name == header.Name);
                if (header.Typed is not (null or BinaryTableValue)) found.Typed.ShouldBe(header.Typed, header.Name);
                else found.Value.ToArray().ShouldBe(header.Value.IsEmpty ? [0, 254] : header.Value.ToArray(), header.Name);
            }
        }

        passedOn.Timestamp.ShouldBe(record.Timestamp);
    }

    private static RecordHeader Typed(string name, object value) => new(name, default) { Typed = value };

    private static async Task<StreamRecord> FirstAsync(IStreamBroker broker, string topic)
    {
        var batch = await broker.ReadAsync(topic, 0, new StreamPosition.Beginning(), Soon()).FirstAsync(Soon());
        using (batch) return batch.Records.Span[0] with { Key = batch.Records.Span[0].Key.ToArray(), Value = batch.Records.Span[0].Value.ToArray() };
    }
}
