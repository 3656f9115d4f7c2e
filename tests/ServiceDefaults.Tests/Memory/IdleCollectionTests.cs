using Conductor.ServiceDefaults.Memory;

namespace Conductor.ServiceDefaults.Tests.Memory;

public sealed class IdleCollectionTests
{
    [Fact]
    public void After_a_burst_memory_is_collected_twice_and_not_again_before_the_next()
    {
        var (allocated, collections) = (0L, 0);
        using var collection = new IdleCollection(() => allocated, () => collections++, TimeProvider.System);
        foreach (var (megabytes, expected) in new[] { (100, 0), (200, 0), (1, 1), (0, 2), (3, 2), (0, 2), (16, 2), (15, 3), (500, 3), (0, 4), (0, 5), (0, 5) })
        {
            allocated += megabytes * 1024L * 1024;
            collection.Look();
            collections.ShouldBe(expected, $"after {allocated >> 20} MiB");
        }
    }
}
