using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Engines;
using Conductor.StreamContract;
using Conductor.Testing;
using static Conductor.StreamContract.Steps;

namespace Conductor.Kafka.Tests;

/// <summary>Partitions that wait for readers which take their time.</summary>
[Integration]
public sealed class BackpressureTests(KafkaServer kafka)
{
    private const int Records = 12;

    [Theory(Timeout = 60_000)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_slow_reader_is_waited_for_while_others_run_dry_or_ask_for_its_lag(int partitions)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var broker = new KafkaStreamBroker(new() { BootstrapServers = kafka.ConnectionString, BufferedBytes = 1 }, TimeProvider.System);
        var topic = await broker.NewTopicAsync(partitions);
        await broker.ProduceAsync(topic, [.. Enumerable.Range(0, Records).Select(i => Record($"{i}", "key"))]);
        await using var member = new RunningMember(await broker.JoinAsync(topic, topic, "m"));
        await Eventually.IsTrueAsync(() => member.Held.Count == partitions, "it has all partitions");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var slow = member.Held[Partitioner.PartitionOf("key"u8, partitions)];
        var dry = member.Held.Values.Where(reader => reader != slow).Select(reader => ReadAsync(reader, ended.Token)).ToArray();
        var asking = Enumerable.Range(0, 2).Select(_ => Task.Run(() => AskAsync(slow, ended.Token))).ToArray();
        (await ReadAsync(slow, cancel)).ShouldBe(Records);
        await ended.CancelAsync();
        (await Task.WhenAll(asking)).Sum().ShouldBeGreaterThan(0);
        (await Task.WhenAll(dry)).Sum().ShouldBe(0);
    }

    private static async Task<int> ReadAsync(IPartitionReader reader, CancellationToken ended)
    {
        var read = 0;
        try
        {
            await foreach (var batch in reader.ReadAsync(0, ended))
            {
                using (batch) read += batch.Count;
                if (read == Records) break;
                // Longer than the client waits for it before it leaves the partition out.
                await Task.Delay(TimeSpan.FromMilliseconds(150), ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Nothing came.
        }
        return read;
    }

    private static async Task<int> AskAsync(IPartitionReader reader, CancellationToken ended)
    {
        var asked = 0;
        for (; !ended.IsCancellationRequested; asked++) await reader.LagAsync(0, CancellationToken.None);
        return asked;
    }
}
