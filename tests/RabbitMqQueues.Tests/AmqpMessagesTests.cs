using System.Text;
using Conductor.Domain.Recoverability.Failures;
using RabbitMQ.Client;

namespace Conductor.RabbitMqQueues.Tests;

public sealed class AmqpMessagesTests
{
    [Fact]
    public void A_message_goes_out_as_it_came_without_what_tells_of_its_failure()
    {
        var came = new BasicProperties
        {
            MessageId = "m", ContentType = "application/json", CorrelationId = "c", ReplyTo = "r", Priority = 3, Type = "t", AppId = "a",
            ContentEncoding = "gzip", Timestamp = new AmqpTimestamp(7), UserId = "guest", Expiration = "1000",
            Headers = new Dictionary<string, object?>
            {
                ["text"] = "ä"u8.ToArray(), ["bytes"] = new byte[] { 0xff, 0 }, ["int"] = 7, ["long"] = long.MaxValue, ["double"] = 0.1, ["flag"] = true,
                ["time"] = new AmqpTimestamp(8), ["MT-Fault-Message"] = "no"u8.ToArray(), ["MT-Host-MachineName"] = "x"u8.ToArray(), ["nothing"] = null,
                ["x-death"] = new List<object?> { new Dictionary<string, object?> { ["queue"] = "q"u8.ToArray(), ["count"] = 2L } },
            },
        };
        var letter = AmqpMessages.Read("q_error", came, "body"u8.ToArray());
        letter.Header("x-death").ShouldBe("""[{"queue":"q","count":2}]""");
        letter.Header("MT-Fault-Message").ShouldBe("no");
        var again = AmqpMessages.Again(letter, new MessageHeader("retry", "1"));
        (again.MessageId, again.ContentType, again.CorrelationId, again.ReplyTo, again.Priority, again.Type, again.AppId, again.ContentEncoding)
            .ShouldBe(("m", "application/json", "c", "r", (byte)3, "t", "a", "gzip"));
        (again.Timestamp.UnixTime, again.Persistent, again.IsUserIdPresent(), again.IsExpirationPresent()).ShouldBe((7, true, false, false));
        again.Headers!.Keys.ShouldBe(["text", "bytes", "int", "long", "double", "flag", "time", "retry"]);
        Encoding.UTF8.GetString((byte[])again.Headers["text"]!).ShouldBe("ä");
        again.Headers["bytes"].ShouldBe(new byte[] { 0xff, 0 });
        (again.Headers["int"], again.Headers["long"], again.Headers["double"], again.Headers["flag"], again.Headers["time"])
            .ShouldBe((7, long.MaxValue, 0.1, true, new AmqpTimestamp(8)));
    }

    [Fact]
    public void A_message_without_properties_has_none_afterwards()
    {
        var again = AmqpMessages.Again(AmqpMessages.Read("q", new BasicProperties(), default));
        (again.IsMessageIdPresent(), again.IsContentTypePresent(), again.IsTypePresent(), again.IsPriorityPresent()).ShouldBe((false, false, false, false));
    }
}
