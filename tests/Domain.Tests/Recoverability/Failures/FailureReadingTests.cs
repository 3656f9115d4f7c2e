using System.Text;
using Conductor.Domain.Recoverability.Failures;

namespace Conductor.Domain.Tests.Recoverability.Failures;

public sealed class FailureReadingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_fault_of_MassTransit_tells_where_it_belongs_and_why_it_failed()
    {
        var failure = With("charge-payment_error",
            """{ "messageId": "x", "messageType": ["urn:message:Shop.Payments:ChargePayment", "urn:message:Shop:ICommand"] }""",
            new("MT-Reason", "fault"), new("MT-Fault-ExceptionType", "Shop.Payments.CardRefusedException"), new("MT-Fault-Message", "card 12 refused"),
            new("MT-Fault-StackTrace", "   at Shop.Payments.Card.Charge()"), new("MT-Fault-Timestamp", "2026-11-30T11:59:58.1230000Z"),
            new("MT-Fault-InputAddress", "rabbitmq://localhost/shop/charge-payment?durable=true"), new("MT-Fault-ConsumerType", "Shop.Payments.ChargeConsumer"),
            new("MT-Fault-RetryCount", "3", HeaderKind.Integer), new("MT-Redelivery-Count", "4", HeaderKind.Integer));
        (failure.Source, failure.Endpoint, failure.MessageType).ShouldBe((FailureSource.Fault, "charge-payment", "Shop.Payments.ChargePayment"));
        (failure.ExceptionType, failure.Message, failure.Consumer)
            .ShouldBe(("Shop.Payments.CardRefusedException", "card 12 refused", "Shop.Payments.ChargeConsumer"));
        (failure.FailedAt, failure.Attempts).ShouldBe((new DateTimeOffset(2026, 11, 30, 11, 59, 58, 123, TimeSpan.Zero), 8));
    }

    [Fact]
    public void A_skipped_message_belongs_to_the_queue_that_its_queue_is_named_after()
    {
        var failure = With("orders_skipped", "{}", new("MT-Reason", "dead-letter"),
            new("MT-MessageType", "urn:message:Shop:Ordered;urn:message:Shop:Event"));
        (failure.Source, failure.Endpoint, failure.MessageType, failure.ExceptionType, failure.FailedAt)
            .ShouldBe((FailureSource.Skipped, "orders", "Shop.Ordered", "no consumer for this type", Now));
    }

    [Fact]
    public void What_the_broker_dead_lettered_belongs_to_the_queue_in_which_it_died_first()
    {
        var failure = With("graveyard", "\0\u0001", new("x-first-death-queue", "mails"), new("x-first-death-reason", "expired"));
        (failure.Source, failure.Endpoint, failure.ExceptionType, failure.MessageType).ShouldBe((FailureSource.DeadLettered, "mails", "expired", ""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1")]
    [InlineData("{ \"messageType\": [")]
    [InlineData("{ \"messageType\": 1 }")]
    [InlineData("{ \"messageType\": [[]] }")]
    public void A_letter_that_says_nothing_is_read_all_the_same(string body)
    {
        var failure = With("who", body, new("MT-Fault-Timestamp", "yesterday"), new("MT-Fault-InputAddress", "::"));
        (failure.MessageType, failure.Endpoint, failure.ExceptionType, failure.FailedAt, failure.Attempts).ShouldBe(("", "", "no reason was given", Now, 1));
    }

    [Fact]
    public void A_message_is_known_by_its_id_at_its_endpoint_and_one_without_an_id_by_what_it_holds()
    {
        Read("a_error", "1", id: "m").Id.ShouldBe(Read("a_error", "2", id: "m").Id);
        Read("a_error", "1", id: "m").Id.ShouldNotBe(Read("b_error", "1", id: "m").Id);
        Read("a_error", "1", id: null).Id.ShouldBe(Read("a_error", "1", id: null).Id);
        Read("a_error", "1", id: null).Id.ShouldNotBe(Read("a_error", "2", id: null).Id);
    }

    [Theory]
    [InlineData("MT-Fault-Message", true)]
    [InlineData("MT-Host-MachineName", true)]
    [InlineData("x-death", true)]
    [InlineData("MT-Activity-Id", false)]
    [InlineData("tenant", false)]
    public void What_tells_of_the_failure_alone_is_known(string header, bool isOfFailure) => MassTransitHeaders.IsOfFailure(header).ShouldBe(isOfFailure);

    private static FailedMessage With(string queue, string body, params MessageHeader[] headers) => Read(queue, body, "m", headers);

    private static FailedMessage Read(string queue, string body, string? id, params MessageHeader[] headers) => FailureReading.Read(
        new DeadLetter { Queue = queue, MessageId = id, Headers = headers, Body = Encoding.UTF8.GetBytes(body) }, Now);
}
