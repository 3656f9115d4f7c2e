using System.Text;
using Conductor.Domain.Streams.Brokers;

namespace Conductor.Domain.Tests.Streams;

public sealed class PartitionerTests
{
    // Hashes of the test of murmur2 in Apache Kafka (UtilsTest.testMurmur2), sign bit cleared.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void A_key_has_the_partition_that_Kafka_gives_it(string key, int murmur2)
    {
        foreach (var partitions in new[] { 1, 3, 64, 1_000_003 })
            Partitioner.PartitionOf(Encoding.UTF8.GetBytes(key), partitions).ShouldBe((murmur2 & 0x7fffffff) % partitions);
    }
}
