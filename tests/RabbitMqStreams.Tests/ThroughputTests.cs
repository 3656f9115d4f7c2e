using System.Diagnostics;
using System.Globalization;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.Engines;
using Conductor.StreamContract;

namespace Conductor.RabbitMqStreams.Tests;

/// <summary>
/// Records per second in and out of a topic of one partition, confirmed. CONDUCTOR_STREAM_SECONDS (1) says how long each direction
/// runs; the figures are in the test's output.
/// </summary>
[Integration]
public sealed class ThroughputTests(RabbitMqBroker underTest, ITestOutputHelper output) : IClassFixture<RabbitMqBroker>
{
    [Theory]
    [InlineData(1_000)]
    [InlineData(60_000)]
    public async Task What_is_produced_is_read_and_the_rates_are_told(int size)
    {
        var seconds = double.Parse(Environment.GetEnvironmentVariable("CONDUCTOR_STREAM_SECONDS") ?? "1", CultureInfo.InvariantCulture);
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        var value = new byte[size];
        new Random(3).NextBytes(value);
        var batch = Enumerable.Repeat(new StreamRecord { Value = value }, 200).ToArray();
        var produced = 0;
        var clock = Stopwatch.StartNew();
        await using (var producer = await broker.OpenProducerAsync(topic, Steps.Soon(120)))
        {
            for (; clock.Elapsed.TotalSeconds < seconds; produced += batch.Length) await producer.ProduceAsync(batch, Steps.Soon(120));
            await producer.FlushAsync(Steps.Soon(120));
        }
        var producing = clock.Elapsed;
        clock.Restart();
        var (read, bytes) = (0, 0L);
        await foreach (var some in broker.ReadAsync(topic, 0, new StreamPosition.Beginning(), Steps.Soon(120)))
        {
            using (some)
            {
                read += some.Count;
                foreach (var record in some.Records.Span) bytes += record.Value.Length;
            }
            if (read >= produced) break;
        }
        (read, bytes).ShouldBe((produced, (long)produced * size));
        output.WriteLine(
            $"{size} bytes: {produced / producing.TotalSeconds:F0} records/s produced and confirmed, {read / clock.Elapsed.TotalSeconds:F0} records/s read");
        await broker.DeleteTopicAsync(topic, Steps.Soon());
    }
}
