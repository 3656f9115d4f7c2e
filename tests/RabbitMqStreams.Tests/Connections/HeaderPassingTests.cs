using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.Engines;
using Conductor.StreamContract;
using Conductor.RabbitMqStreams.Topics;
using RabbitMQ.Client;
using static Conductor.StreamContract.Steps;

namespace Conductor.RabbitMqStreams.Tests.Connections;

[Integration]
public sealed class HeaderPassingTests(RabbitMqBroker underTest, RabbitMqServer rabbitMq) : IClassFixture<RabbitMqBroker>
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

    [Fact]
    public async Task A_bad_header_of_another_producer_makes_one_bad_record_and_its_neighbours_are_read()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        var connection = await new ConnectionFactory { Uri = new Uri(rabbitMq.ConnectionString) }.CreateConnectionAsync(Soon());
        await using (connection)
        {
            var options = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
            var channel = await connection.CreateChannelAsync(options, Soon());
            foreach (var time in new object?[] { 1L, -621_355_968_000_010, "today", null, 2L })
            {
                var properties = new BasicProperties { Headers = new Dictionary<string, object?> { ["conductor-timestamp"] = time } };
                await channel.BasicPublishAsync("", TopicQueues.NameOf(topic, 0), mandatory: true, properties, new byte[1], Soon());
            }
        }

        var read = new List<StreamRecord>();
        await foreach (var batch in broker.ReadAsync(topic, 0, new StreamPosition.Beginning(), Soon()))
        {
            using (batch) read.AddRange(batch.Records.ToArray());
            if (read.Count >= 5) break;
        }

        read.ConvertAll(record => record.Offset).ShouldBe([0, 1, 2, 3, 4]);
        read.ConvertAll(record => record.Fault is null).ShouldBe([true, false, false, read[3].Fault is null, true]);
        read[1].Fault.ShouldBe("the header conductor-timestamp is not a time in milliseconds: -621355968000010");
    }

    private static RecordHeader Typed(string name, object value) => new(name, default) { Typed = value };

    private static async Task<StreamRecord> FirstAsync(IStreamBroker broker, string topic)
    {
        var batch = await broker.ReadAsync(topic, 0, new StreamPosition.Beginning(), Soon()).FirstAsync(Soon());
        using (batch) return batch.Records.Span[0] with { Key = batch.Records.Span[0].Key.ToArray(), Value = batch.Records.Span[0].Value.ToArray() };
    }
}
