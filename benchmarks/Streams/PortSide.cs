using System.Diagnostics;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;

namespace Conductor.Bench.Streams;

/// <summary>The work through the port.</summary>
internal static class PortSide
{
    public static async Task<int> ProduceAsync(IStreamBroker broker, string topic, byte[] value, double seconds)
    {
        var batch = Enumerable.Repeat(new StreamRecord { Value = value }, 100).ToArray();
        var (count, start) = (0, Stopwatch.GetTimestamp());
        await using var producer = await broker.OpenProducerAsync(topic, CancellationToken.None);
        for (; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; count += batch.Length) await producer.ProduceAsync(batch, CancellationToken.None);
        await producer.FlushAsync(CancellationToken.None);
        return count;
    }

    public static async Task ConsumeAsync(IStreamBroker broker, string topic, int count)
    {
        var read = 0;
        await foreach (var batch in broker.ReadAsync(topic, 0, new StreamPosition.Beginning(), CancellationToken.None))
        {
            using (batch) read += batch.Count;
            if (read >= count) return;
        }
    }
}
