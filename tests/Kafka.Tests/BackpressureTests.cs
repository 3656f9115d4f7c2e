using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Engines;
using Conductor.StreamContract;
using static Conductor.StreamContract.Steps;

namespace Conductor.Kafka.Tests;

/// <summary>Partitions that wait for readers which take their time.</summary>
[Integration]
public sealed class BackpressureTests(KafkaServer kafka)
{
    private const int Records = 30;

    [Fact(Timeout = 60_000)]
    public async Task A_slow_reader_is_waited_for_while_others_ask_for_its_lag()
    {
        using var broker = new KafkaStreamBroker(new() { BootstrapServers = kafka.ConnectionString, BufferedBytes = 1 }, TimeProvider.System);
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, Enumerable.Range(0, Records).Select(i => $"{i}"));
        await using var member = new RunningMember(await broker.JoinAsync(topic, topic, "m"));
        var reader = await member.FirstAsync();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Soon());
        var asking = Enumerable.Range(0, 2).Select(_ => Task.Run(() => AskAsync(reader, ended.Token))).ToArray();
        var read = 0;
        await foreach (var batch in reader.ReadAsync(0, Soon()))
        {
            using (batch) read += batch.Count;
            if (read == Records) break;
            // Longer than the client waits for it before it leaves the partition out.
            await Task.Delay(TimeSpan.FromMilliseconds(150), Soon());
        }
        await ended.CancelAsync();
        (await Task.WhenAll(asking)).Sum().ShouldBeGreaterThan(0);
    }

    private static async Task<int> AskAsync(IPartitionReader reader, CancellationToken ended)
    {
        var asked = 0;
        for (; !ended.IsCancellationRequested; asked++) await reader.LagAsync(0, CancellationToken.None);
        return asked;
    }
}
