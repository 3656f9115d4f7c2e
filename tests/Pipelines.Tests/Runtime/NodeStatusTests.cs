using Conductor.Domain.Streams.Processing;
using Conductor.Pipelines.Runtime;

namespace Conductor.Pipelines.Tests.Runtime;

public sealed class NodeStatusTests
{
    [Fact]
    public void What_was_read_before_is_not_known_until_the_checkpoint_is_and_is_no_speed()
    {
        var status = new NodeStatus();
        var lane = status.Open(new PartitionInMemory([]));
        status.Sample();
        (lane.Counters, lane.Read).ShouldBe((null, 0));

        lane.Update(Read(5000), next: 5000);
        status.Sample();
        (lane.Counters, lane.Read, status.PerSecond).ShouldBe((Read(5000), 0, 0));

        lane.Update(Read(5030), next: 5030);
        status.Sample();
        (lane.Counters, lane.Read, status.PerSecond).ShouldBe((Read(5030), 30, 15));
    }

    private static RecordCounters Read(long count) => new(count, 0, 0, 0, 0);
}
