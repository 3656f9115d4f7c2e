using System.Diagnostics;
using System.Globalization;
using System.Text;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.Engines;
using Conductor.Testing;
using static Conductor.StreamContract.Steps;

namespace Conductor.RabbitMqStreams.Tests.Connections;

/// <summary>
/// A producer that goes on whatever happens to the broker, from the last record that was confirmed: the first of each record's copies come in order, so
/// that whoever leaves copies out by their numbers misses none. Rounds: CONDUCTOR_KILL_ROUNDS (3).
/// </summary>
[Collection(nameof(Alone))]
[Integration]
public sealed class RestartTests(PostgresServer postgres, RabbitMqServer rabbitMq) : IClassFixture<RabbitMqServer>
{
    private const int PerFlush = 300;
    // One for each partition.
    private static readonly string[] Keys = [.. Enumerable.Range(0, 2).Select(p =>
        Enumerable.Range(0, 100).Select(i => $"{i}").First(key => Partitioner.PartitionOf(Encoding.UTF8.GetBytes(key), 2) == p))];
    private long _confirmed;

    [Fact]
    public async Task Records_come_in_order_and_confirms_in_time_from_a_broker_that_is_killed_and_started_again()
    {
        await using var underTest = new RabbitMqBroker(postgres, rabbitMq);
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync(2);
        using var enough = new CancellationTokenSource();
        var producing = ProduceAsync(broker, topic, enough.Token);
        var random = new Random(KillSettings.Seed());
        var young = Stopwatch.StartNew();
        await Eventually.IsTrueAsync(() => young.Elapsed > TimeSpan.FromSeconds(2), "what the broker knows of the streams has reached its disk");
        for (var round = 0; round < KillSettings.Rounds(3); round++)
        {
            var before = _confirmed;
            await Eventually.IsTrueAsync(() => _confirmed > before + (PerFlush * random.Next(1, 20)), "it is produced", seconds: 60);
            await rabbitMq.KillAndStartAsync(TestContext.Current.CancellationToken);
        }
        var last = _confirmed;
        await Eventually.IsTrueAsync(() => _confirmed > last, "it is produced", seconds: 60);
        await enough.CancelAsync();
        await producing;
        foreach (var range in await broker.RangesAsync(topic, Soon()))
        {
            var records = await broker.RecordsAsync(topic, (int)(range.Next - range.First), range.Partition, seconds: 60);
            ShouldComeInOrder(records.ConvertAll(NumberOf), range.Partition);
        }
    }

    // Even numbers are in one partition, odd ones in the other.
    private static void ShouldComeInOrder(List<long> numbers, int partition)
    {
        var next = (long)partition;
        foreach (var number in numbers)
        {
            number.ShouldBeLessThanOrEqualTo(next, $"partition {partition}");
            if (number == next) next += 2;
        }
    }

    private static long NumberOf(StreamRecord record) => long.Parse(record.Text(), CultureInfo.InvariantCulture);

    private async Task ProduceSomeAsync(IStreamProducer producer)
    {
        var records = Enumerable.Range(0, PerFlush).Select(i => _confirmed + i).Select(n => Record($"{n}", Keys[n % 2]));
        foreach (var record in records) await producer.ProduceAsync(new[] { record }, Soon(20));
        await producer.FlushAsync(Soon(20));
        _confirmed += PerFlush;
    }

    private async Task ProduceAsync(IStreamBroker broker, string topic, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            try
            {
                await using var producer = await broker.OpenProducerAsync(topic, Soon());
                while (!enough.IsCancellationRequested) await ProduceSomeAsync(producer);
            }
            catch (Exception e) when (e is StreamUnavailableException or UnknownTopicException)
            {
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }
}
