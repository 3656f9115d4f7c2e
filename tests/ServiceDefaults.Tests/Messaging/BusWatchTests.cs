using Conductor.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.ServiceDefaults.Tests.Messaging;

public sealed class BusWatchTests
{
    private static readonly Uri Orders = new("rabbitmq://localhost/orders");
    private readonly FakeTimeProvider _time = new();
    private readonly BusWatch _watch;

    public BusWatchTests() => _watch = new BusWatch(lifetime: null!, _time, NullLogger<BusWatch>.Instance);

    [Fact]
    public async Task Consumers_that_do_not_follow_the_bus_to_its_next_connection_are_stale_after_a_while()
    {
        await ConnectAsync(Orders);
        _watch.Connecting();
        _time.Advance(TimeSpan.FromSeconds(19));
        _watch.Stale().ShouldBeEmpty();
        _time.Advance(TimeSpan.FromSeconds(1));
        _watch.Stale().ShouldBe([Orders]);
    }

    [Fact]
    public async Task Consumers_that_follow_or_whose_end_the_bus_knows_are_not()
    {
        await ConnectAsync(Orders);
        _watch.Connecting();
        _time.Advance(TimeSpan.FromSeconds(10));
        await _watch.Ready(new Ready(Orders));
        _time.Advance(TimeSpan.FromSeconds(60));
        _watch.Stale().ShouldBeEmpty();
        await _watch.Completed(new Completed(Orders));
        _watch.Connecting();
        _time.Advance(TimeSpan.FromSeconds(60));
        _watch.Stale().ShouldBeEmpty();
    }

    [Fact]
    public async Task As_long_as_the_bus_still_tries_to_connect_nothing_is_stale()
    {
        await ConnectAsync(Orders);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            _watch.Connecting();
            _time.Advance(TimeSpan.FromSeconds(15));
            _watch.Stale().ShouldBeEmpty();
        }
    }

    private async Task ConnectAsync(Uri endpoint)
    {
        _watch.Connecting();
        _time.Advance(TimeSpan.FromSeconds(1));
        await _watch.Ready(new Ready(endpoint));
        _time.Advance(TimeSpan.FromMinutes(1));
        _watch.Stale().ShouldBeEmpty();
    }

    private sealed record Ready(Uri InputAddress) : ReceiveEndpointReady
    {
        public IReceiveEndpoint ReceiveEndpoint => null!;
        public bool IsStarted => true;
    }

    private sealed record Completed(Uri InputAddress) : ReceiveEndpointCompleted
    {
        public IReceiveEndpoint ReceiveEndpoint => null!;
        public long DeliveryCount => 0;
        public long ConcurrentDeliveryCount => 0;
    }
}
