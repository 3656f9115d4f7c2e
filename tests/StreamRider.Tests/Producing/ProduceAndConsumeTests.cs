using Conductor.Domain.Streams.Records;
using Conductor.Engines;
using Conductor.StreamContract;
using Conductor.StreamRider.Records;
using Conductor.StreamRider.Tests.Riding;
using MassTransit;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Conductor.StreamRider.Tests.Producing;

[Integration]
public sealed class ProduceAndConsumeTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_arrives_with_its_key_ids_and_headers_and_the_position_moves_behind_it()
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming();
        await using var ride = await Ride.StartAsync(setup);
        Guid message = NewId.NextGuid(), conversation = NewId.NextGuid();
        var order = new OrderPlaced(7, "ann");
        await ride.ProduceAsync(setup.Topic, "ann", order, Pipe.Execute<KafkaSendContext<string, OrderPlaced>>(context =>
        {
            (context.MessageId, context.ConversationId) = (message, conversation);
            context.Headers.Set(TopicHeaders.Tenant, "blue");
            context.Headers.Set("weight", 12);
        }));
        var arrival = (await Eventually.BecomesAsync(() => ride.Seen.Arrivals, a => a.Count == 1))[0];
        (arrival.Number, arrival.Key).ShouldBe((7, "ann"));
        var context = arrival.Context;
        (context.MessageId, context.ConversationId, context.CorrelationId).ShouldBe((message, conversation, order.CorrelationId));
        (context.Headers.Get<string>(TopicHeaders.Tenant), context.Headers.Get<int>("weight")).ShouldBe(("blue", 12));
        (context.Partition(), context.Offset()).ShouldBe((0, 0));
        context.SentTime.ShouldNotBeNull().ShouldBe(DateTime.UtcNow, TimeSpan.FromMinutes(1));
        context.ReceiveContext.InputAddress.ShouldBe(new Uri($"topic:{setup.Topic}"));
        await Eventually.BecomesAsync(() => ride.Broker.LagAsync(setup.Topic), lag => lag == 0);
    }

    [Fact]
    public async Task A_record_is_plain_JSON_with_the_headers_of_MassTransit_Kafka_and_a_W3C_trace()
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming();
        await using var ride = await Ride.StartAsync(setup);
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        await ride.ProduceAsync(setup.Topic, 258, new OrderPlaced(7, "ann"));
        var record = (await ride.Broker.ArrivedAsync(setup.Topic, 1))[0];
        record.Key.ToArray().ShouldBe([0, 0, 1, 2]);
        using var json = JsonDocument.Parse(record.Value);
        (json.RootElement.GetProperty("number").GetInt32(), json.RootElement.GetProperty("customer").GetString()).ShouldBe((7, "ann"));
        Guid.Parse(record.Header("MessageId").ShouldNotBeNull()).ShouldNotBe(Guid.Empty);
        record.Header("CorrelationId").ShouldBe(json.RootElement.GetProperty("correlationId").GetString());
        Guid.Parse(record.Header("ConversationId").ShouldNotBeNull()).ShouldNotBe(Guid.Empty);
        record.Header("DestinationAddress").ShouldBe($"topic:{setup.Topic}");
        record.Header("SourceAddress").ShouldNotBeNull();
        record.Header("Content-Type").ShouldBe("application/json");
        record.Header("MT-MessageType").ShouldNotBeNull().Split(';').ShouldContain(MessageUrn.ForTypeString<OrderPlaced>());
        record.Header("traceparent").ShouldNotBeNull().ShouldContain(activity.TraceId.ToString());
    }

    [Fact]
    public async Task A_record_of_somebody_without_MassTransit_is_consumed_under_an_id_that_its_place_gives_it()
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming(e => e.CheckpointInterval = TimeSpan.FromHours(1));
        await using var ride = await Ride.StartAsync(setup);
        var trace = ActivityTraceId.CreateRandom();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "MassTransit", Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await ride.Broker.ProduceAsync(setup.Topic, new StreamRecord
        {
            Key = "bob"u8.ToArray(),
            Value = """{ "number": 3, "customer": "bob" }"""u8.ToArray(),
            Headers = [RecordHeader.Of("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01")],
        });
        var first = (await Eventually.BecomesAsync(() => ride.Seen.Arrivals, a => a.Count == 1))[0];
        (first.Number, first.Key, first.Trace).ShouldBe((3, "bob", trace.ToString()));
        // Another group reads the same record.
        var again = setup with
        {
            Topics = (context, k) => k.TopicEndpoint<string, OrderPlaced>(setup.Topic, "other", e => e.ConfigureConsumer<OrderPlacedConsumer>(context)),
        };
        await using var other = await Ride.StartAsync(again);
        var second = (await Eventually.BecomesAsync(() => other.Seen.Arrivals, a => a.Count == 1))[0];
        second.Context.MessageId.ShouldBe(first.Context.MessageId);
        first.Context.MessageId.ShouldNotBe(Guid.Empty);
    }

    [Fact]
    public async Task What_a_consumer_produces_belongs_to_the_conversation_and_inherits_the_applications_headers_alone()
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming();
        setup = setup with
        {
            Register = rider =>
            {
                rider.AddConsumer<Shipping>();
                rider.AddProducer<string, OrderShipped>(setup.Shipped);
            },
            Topics = (context, k) =>
            {
                k.TopicEndpoint<string, OrderPlaced>(setup.Topic, "g", e =>
                {
                    e.CreateIfMissing();
                    e.ConfigureConsumer<Shipping>(context);
                });
                k.TopicEndpoint<string, OrderShipped>(setup.Shipped, "g", e => e.CreateIfMissing());
            },
        };
        await using var ride = await Ride.StartAsync(setup);
        var order = new OrderPlaced(1);
        var conversation = NewId.NextGuid();
        await ride.ProduceAsync(setup.Topic, "k", order, Pipe.Execute<KafkaSendContext<string, OrderPlaced>>(context =>
        {
            context.ConversationId = conversation;
            context.Headers.Set(TopicHeaders.Tenant, "blue");
        }));
        var record = (await ride.Broker.ArrivedAsync(setup.Shipped, 1))[0];
        record.Header("ConversationId").ShouldBe(conversation.ToString());
        record.Header(TopicHeaders.Tenant).ShouldBe("blue");
        record.Header("DestinationAddress").ShouldBe($"topic:{setup.Shipped}");
        record.Header("SourceAddress").ShouldBe($"topic:{setup.Topic}");
        Encoding.UTF8.GetString(record.Value.Span).ShouldContain("\"number\":1");
    }

    private sealed class Shipping(ITopicProducer<string, OrderShipped> shipped) : IConsumer<OrderPlaced>
    {
        public Task Consume(ConsumeContext<OrderPlaced> context) => shipped.Produce("k", new { context.Message.Number }, context.CancellationToken);
    }
}
