using Conductor.Domain.Streams.Records;
using Conductor.RabbitMqStreams.Connections;
using RabbitMQ.Client;

namespace Conductor.RabbitMqStreams.Tests.Connections;

public sealed class AmqpRecordTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);

    [Fact]
    public void Headers_of_every_type_are_kept_in_passing_on()
    {
        var headers = new Dictionary<string, object?>
        {
            ["text"] = "grüße"u8.ToArray(), ["binary"] = new BinaryTableValue([0, 254]), ["true"] = true, ["byte"] = (byte)200, ["sbyte"] = (sbyte)-7,
            ["short"] = (short)-300, ["ushort"] = (ushort)60000, ["int"] = -70000, ["uint"] = 4_000_000_000u, ["long"] = long.MinValue,
            ["float"] = 0.1f, ["double"] = double.NaN, ["decimal"] = 12.34m, ["time"] = new AmqpTimestamp(1_700_000_000), ["nothing"] = null,
            ["table"] = new Dictionary<string, object?> { ["a"] = 1, ["b"] = new List<object?> { true, "x"u8.ToArray() } },
            ["list"] = new List<object?> { 1L, 2.5 },
        };
        var read = Read(headers);
        read.Fault.ShouldBeNull();
        var passedOn = AmqpRecord.PropertiesOf(read, Now).Headers!;
        foreach (var (name, value) in headers) passedOn[name].ShouldBe(value, name);
        passedOn.Count.ShouldBe(headers.Count + 1, "and the time");
        Text(read, "true").ShouldBe("true");
        Text(read, "double").ShouldBe("NaN");
        Text(read, "table").ShouldBe("""{"a":1,"b":[true,"x"]}""");
        Text(read, "time").ShouldStartWith("2023-11-14T22:13:20");
    }

    [Fact]
    public void Properties_are_kept_in_passing_on()
    {
        var properties = new BasicProperties
        {
            ContentType = "application/json", ContentEncoding = "gzip", CorrelationId = "c", ReplyTo = "r", MessageId = "m", Type = "t", AppId = "a",
            Timestamp = new AmqpTimestamp(1_700_000_000), Headers = new Dictionary<string, object?>(),
        };
        var read = AmqpRecord.Read(properties, new byte[1], 0);
        read.Timestamp.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
        var passedOn = AmqpRecord.PropertiesOf(read, Now);
        (passedOn.ContentType, passedOn.ContentEncoding, passedOn.CorrelationId, passedOn.ReplyTo).ShouldBe(("application/json", "gzip", "c", "r"));
        (passedOn.MessageId, passedOn.Type, passedOn.AppId, passedOn.Timestamp.UnixTime).ShouldBe(("m", "t", "a", 1_700_000_000));
        passedOn.Headers!.Keys.ShouldBe(["conductor-timestamp"]);
        AmqpRecord.PropertiesOf(new StreamRecord { Value = default, Headers = [RecordHeader.Of("amqp-type", new string('t', 300))] }, Now)
            .Headers!.ShouldContainKey("amqp-type", "a property has 255 bytes at most");
    }

    [Fact]
    public void A_record_without_a_time_has_none_and_is_passed_on_as_of_now()
    {
        var read = Read([]);
        read.Timestamp.ShouldBe(default);
        AmqpRecord.PropertiesOf(read, Now).Headers!["conductor-timestamp"].ShouldBe(Now.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Binary_keys_are_keys()
    {
        Read(new() { ["conductor-key"] = new BinaryTableValue([0, 255]) }).Key.ToArray().ShouldBe([0, 255]);
        Read(new() { ["conductor-key"] = "k"u8.ToArray() }).Key.ToArray().ShouldBe("k"u8.ToArray());
    }

    [Fact]
    public void A_bad_header_of_ours_makes_a_bad_record_with_all_that_it_brought()
    {
        var wrong = new (string Name, object? Value)[]
        {
            ("conductor-timestamp", -621_355_968_000_010), ("conductor-timestamp", long.MaxValue), ("conductor-timestamp", "today"u8.ToArray()),
            ("conductor-timestamp", 1.5), ("conductor-timestamp", null), ("conductor-timestamp", new List<object?>()), ("conductor-key", 7),
            ("conductor-key", new Dictionary<string, object?>()), ("conductor-dedupe-id", "no offset"u8.ToArray()), ("conductor-dedupe-id", "a@-1"u8.ToArray()),
            ("conductor-dedupe-id", "@1"u8.ToArray()), ("conductor-dedupe-id", "a@99999999999999999999"u8.ToArray()), ("conductor-dedupe-id", true),
            ("conductor-dedupe-id", new byte[2000]), ("conductor-reason", 5), ("conductor-source", new BinaryTableValue([1])),
        };
        foreach (var (name, value) in wrong)
        {
            var read = Read(new() { [name] = value, ["own"] = "kept"u8.ToArray() });
            read.Fault.ShouldNotBeNull($"{name}: {value}").ShouldContain(name);
            read.Offset.ShouldBe(17);
            Text(read, "own").ShouldBe("kept");
        }

        Read(new() { ["conductor-timestamp"] = 5, ["conductor-dedupe-id"] = "a@b@12"u8.ToArray() }).Fault.ShouldBeNull();
    }

    [Fact]
    public void Headers_that_take_more_than_a_broker_passes_on_make_a_bad_record() =>
        Read(new() { ["large"] = new byte[70_000] }).Fault.ShouldNotBeNull().ShouldContain("70005 bytes");

    private static string Text(in StreamRecord record, string name) => record.Headers.Single(header => header.Name == name).Text;

    private static StreamRecord Read(Dictionary<string, object?> headers) =>
        AmqpRecord.Read(new BasicProperties { Headers = new Dictionary<string, object?>(headers) { ["x-stream-offset"] = 17L } }, new byte[1], partition: 0);
}
