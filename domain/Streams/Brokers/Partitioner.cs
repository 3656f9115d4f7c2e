namespace Conductor.Domain.Streams.Brokers;

/// <summary>
/// Which partition a key belongs to: Kafka's default partitioner (murmur2 of the key, sign bit cleared, modulo partitions), so
/// that a topic is laid out alike on every broker.
/// </summary>
public static class Partitioner
{
    /// <summary>Partition of a key, from 0.</summary>
    public static int PartitionOf(ReadOnlySpan<byte> key, int partitions) => (int)((Murmur2(key) & 0x7fffffff) % (uint)partitions);

    // Kafka: org.apache.kafka.common.utils.Utils.murmur2, after Austin Appleby's MurmurHash2 with Kafka's seed.
    private static uint Murmur2(ReadOnlySpan<byte> data)
    {
        const uint M = 0x5bd1e995;
        var h = 0x9747b28cu ^ (uint)data.Length;
        while (data.Length >= 4)
        {
            var k = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(data) * M;
            k ^= k >> 24;
            h = (h * M) ^ (k * M);
            data = data[4..];
        }
        for (var i = data.Length - 1; i >= 0; i--) h ^= (uint)data[i] << (8 * i);
        if (!data.IsEmpty) h *= M;
        h = (h ^ (h >> 13)) * M;
        return h ^ (h >> 15);
    }
}
