using Conductor.ServiceDefaults.Messaging;

namespace Conductor.ServiceDefaults.Tests.Messaging;

public sealed class BusAddressTests
{
    [Theory]
    [InlineData(null, "is not configured")]
    [InlineData("http://guest:geheim@localhost", "is not an amqp")]
    [InlineData("Host=localhost;Password=geheim", "is not an amqp")]
    public async Task A_missing_or_wrong_address_stops_the_service_with_a_message_that_holds_no_password(string? address, string expected)
    {
        var error = await Should.ThrowAsync<InvalidOperationException>(() =>
            TestService.StartAsync(builder => builder.AddBus(), configuration: new() { ["ConnectionStrings:rabbitmq"] = address }));
        error.Message.ShouldContain(expected);
        error.ToString().ShouldNotContain("geheim");
    }
}
