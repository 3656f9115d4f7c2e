using Conductor.RabbitMqStreams.Consuming;

namespace Conductor.RabbitMqStreams.Tests;

public sealed class CreditWindowTests
{
    [Fact]
    public void Small_records_are_acknowledged_as_they_are_taken() => After(new CreditWindow(400, 16_000_000), 1_000, 400).ShouldBe(400ul);

    [Fact]
    public void Of_large_records_only_so_many_are_under_way_as_fill_the_bytes()
    {
        var window = new CreditWindow(400, 16_000_000);
        // 400 that came, less those that are acknowledged, leaves credit for 16.
        After(window, 1_000_000, 400).ShouldBe(16ul);
        After(window, 1_000_000, 416).ShouldBe(32ul);
    }

    [Fact]
    public void Records_larger_than_all_the_bytes_come_one_at_a_time() => After(new CreditWindow(32, 16_000_000), 100_000_000, 40).ShouldBe(9ul);

    private static ulong After(CreditWindow window, int size, ulong taken)
    {
        for (var i = 0; i < 100; i++) window.Arrived(size);
        return window.AcknowledgeUpTo(taken);
    }
}
