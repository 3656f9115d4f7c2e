using Conductor.Postgres.Outbox;

namespace Conductor.Postgres.Tests.Outbox;

public sealed class OutboxAddressTests
{
    [Theory]
    [InlineData("rabbitmq://127.0.0.1:5672/order-placed?type=topic", "exchange:order-placed?type=topic")]
    [InlineData("rabbitmq://broker/vhost/Shop:OrderPlaced", "exchange:Shop:OrderPlaced")]
    [InlineData("rabbitmqs://broker/orders?bind=true", "exchange:orders?bind=true")]
    [InlineData("loopback://localhost/orders", "loopback://localhost/orders")]
    public void An_address_is_kept_without_the_brokers_host_so_that_rows_outlive_a_move(string address, string kept) =>
        OutboxAddress.Shorten(new Uri(address)).ShouldBe(kept);
}
