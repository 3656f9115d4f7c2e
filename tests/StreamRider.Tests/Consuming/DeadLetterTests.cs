using Conductor.Domain.Streams.Records;
using Conductor.Engines;
using Conductor.StreamContract;
using Conductor.StreamRider.Tests.Riding;
using MassTransit;
using System.Text;

namespace Conductor.StreamRider.Tests.Consuming;

[Integration]
public sealed class DeadLetterTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    [Fact]
    public async Task A_message_that_fails_for_good_is_in_the_error_topic_with_its_bytes_key_and_headers_and_the_reason()
    {
        var tries = 0;
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming(e => e.UseMessageRetry(r => r.Immediate(2)));
        await using var ride = await Ride.StartAsync(setup);
        ride.Seen.Act = context =>
        {
            if (context.Message.Fail is null) return Task.CompletedTask;
            Interlocked.Increment(ref tries);
            throw new InvalidOperationException("told to fail");
        };
        const string Body = """{ "number": 1,   "fail": "always" }""";
        await ride.Broker.ProduceAsync(setup.Topic, Record(Body, RecordHeader.Of("shop", "north")), Record("""{"number":2}"""));
        var letter = (await ride.Broker.ArrivedAsync(setup.Topic + ".error", 1))[0];
        tries.ShouldBe(3);
        Encoding.UTF8.GetString(letter.Value.Span).ShouldBe(Body);
        Encoding.UTF8.GetString(letter.Key.Span).ShouldBe("k");
        letter.Header("shop").ShouldBe("north");
        letter.Header("MT-Reason").ShouldBe("fault");
        letter.Header("MT-Fault-ExceptionType").ShouldBe("System.InvalidOperationException");
        letter.Header("MT-Fault-Message").ShouldBe("told to fail");
        letter.Header("MT-Fault-StackTrace").ShouldNotBeNull().ShouldContain("OrderPlacedConsumer");
        letter.Header("MT-Fault-InputAddress").ShouldBe($"topic:{setup.Topic}");
        letter.Header("MT-Fault-RetryCount").ShouldBe("2");
        letter.Header("conductor-source").ShouldBe($"{setup.Topic}/0");
        letter.Header("conductor-position").ShouldBe("0");
        await Eventually.BecomesAsync(() => ride.Seen.Numbers, numbers => numbers is [2]);
        await Eventually.BecomesAsync(() => ride.Broker.LagAsync(setup.Topic), lag => lag == 0);
    }

    [Theory]
    [InlineData("no JSON at all \u0001", "an invalid JSON literal")]
    [InlineData("""{"number":"many"}""", "")]
    [InlineData("[1]", "not an object")]
    [InlineData("", "does not contain any JSON")]
    public async Task What_cannot_be_read_is_in_the_error_topic_byte_for_byte(string body, string reason)
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming();
        await using var ride = await Ride.StartAsync(setup);
        await ride.Broker.ProduceAsync(setup.Topic, Record(body), Record("""{"number":2}"""));
        var letter = (await ride.Broker.ArrivedAsync(setup.Topic + ".error", 1))[0];
        Encoding.UTF8.GetString(letter.Value.Span).ShouldBe(body);
        letter.Header("MT-Fault-Message").ShouldNotBeNull().ShouldContain(reason);
        await Eventually.BecomesAsync(() => ride.Seen.Numbers, numbers => numbers is [2]);
        await Eventually.BecomesAsync(() => ride.Broker.LagAsync(setup.Topic), lag => lag == 0);
    }

    [Fact]
    public async Task What_no_consumer_takes_is_in_the_topic_of_skipped_records()
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming();
        await using var ride = await Ride.StartAsync(setup);
        await ride.ProduceAsync(setup.Topic, "k", new Unwanted(1));
        await ride.Broker.ProduceAsync(setup.Topic, Record("") with { IsNull = true });
        await ride.ProduceAsync(setup.Topic, "k", new OrderPlaced(2));
        var skipped = await ride.Broker.ArrivedAsync(setup.Topic + ".skipped", 2);
        Encoding.UTF8.GetString(skipped[0].Value.Span).ShouldBe("""{"number":1}""");
        skipped[0].Header("MT-Reason").ShouldBe("dead-letter");
        (skipped[1].IsNull, Encoding.UTF8.GetString(skipped[1].Key.Span)).ShouldBe((true, "k"));
        await Eventually.BecomesAsync(() => ride.Seen.Numbers, numbers => numbers is [2]);
    }

    [Fact]
    public async Task A_tombstone_comes_to_a_consumer_that_asks_for_tombstones()
    {
        var keys = new List<string?>();
        var setup = await RideSetup.CreateAsync(postgres, rabbitMq);
        setup = setup with
        {
            Topics = (_, k) => k.TopicEndpoint<string, OrderPlaced>(setup.Topic, "g", e =>
            {
                e.CreateIfMissing();
                e.Handler<Tombstone<string>>(context =>
                {
                    lock (keys) keys.Add(context.Message.Key);
                    return Task.CompletedTask;
                });
            }),
        };
        await using var ride = await Ride.StartAsync(setup);
        await ride.Broker.ProduceAsync(setup.Topic, Record("") with { IsNull = true });
        await Eventually.IsTrueAsync(() => keys is ["k"], "the tombstone is consumed");
    }

    [Fact]
    public async Task A_consumer_that_is_cancelled_by_something_else_loses_nothing_and_ends_in_the_error_topic()
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming();
        await using var ride = await Ride.StartAsync(setup);
        ride.Seen.Act = context => context.Message.Number == 2 ? Task.CompletedTask : throw new TaskCanceledException("a client's time-out");
        await ride.ProduceAsync(setup.Topic, "k", new OrderPlaced(1));
        await ride.ProduceAsync(setup.Topic, "k", new OrderPlaced(2));
        var letter = (await ride.Broker.ArrivedAsync(setup.Topic + ".error", 1))[0];
        letter.Header("MT-Fault-Message").ShouldNotBeNull().ShouldContain("canceled");
        await Eventually.BecomesAsync(() => ride.Seen.Numbers, numbers => numbers is [2]);
    }

    private static StreamRecord Record(string body, params RecordHeader[] headers) =>
        new() { Key = "k"u8.ToArray(), Value = Encoding.UTF8.GetBytes(body), Headers = headers };
}
