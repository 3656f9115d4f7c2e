using System.Diagnostics;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Engines;
using Conductor.StreamContract;
using Conductor.Testing;
using static Conductor.StreamContract.Steps;

namespace Conductor.Kafka.Tests;

/// <summary>Results and positions that are committed together.</summary>
[Integration]
public sealed class TransactionTests(KafkaBroker underTest) : IClassFixture<KafkaBroker>
{
    [Fact]
    public async Task Results_and_position_show_with_the_commit_and_not_before()
    {
        var (broker, source, sink) = await TopicsAsync();
        await using var member = new RunningMember(await broker.JoinAsync(source, source, "m"));
        var reader = await member.FirstAsync();
        await using var transactions = await broker.OpenTransactionsAsync(source, Soon());
        await using var producer = await transactions.OpenProducerAsync(sink, Soon());
        await producer.ProduceAsync(new[] { Record("a"), Record("b") }, Soon());
        await producer.FlushAsync(Soon());
        (await broker.RangesAsync(sink, Soon()))[0].Next.ShouldBe(2);
        var reading = broker.ReadAsync(sink, new StreamPosition.Beginning(), 2);
        (await broker.CommittedAsync(reader, Soon())).ShouldBeNull();
        reading.IsCompleted.ShouldBeFalse();

        await transactions.CommitAsync(reader, 7, Soon());
        (await reading).Select(r => r.Value).ShouldBe(["a", "b"]);
        (await broker.CommittedAsync(reader, Soon())).ShouldBe(7);
        await producer.ProduceAsync(new[] { Record("c") }, Soon());
        await transactions.CommitAsync(reader, 8, Soon());
        (await broker.ReadAsync(sink, new StreamPosition.Beginning(), 3)).Select(r => r.Value).ShouldBe(["a", "b", "c"]);
        (await broker.CommittedAsync(reader, Soon())).ShouldBe(8);
    }

    [Fact]
    public async Task Whoever_opens_the_name_next_fences_the_one_before_and_undoes_what_was_under_way()
    {
        var (broker, source, sink) = await TopicsAsync();
        await using var member = new RunningMember(await broker.JoinAsync(source, source, "m"));
        var reader = await member.FirstAsync();
        await using var zombie = await broker.OpenTransactionsAsync(source, Soon());
        await using var late = await zombie.OpenProducerAsync(sink, Soon());
        await late.ProduceAsync(new[] { Record("undone") }, Soon());
        await late.FlushAsync(Soon());

        await using var transactions = await broker.OpenTransactionsAsync(source, Soon());
        await using var producer = await transactions.OpenProducerAsync(sink, Soon());
        await producer.ProduceAsync(new[] { Record("done") }, Soon());
        await transactions.CommitAsync(reader, 1, Soon());
        await Should.ThrowAsync<FencedException>(() => zombie.CommitAsync(reader, 2, Soon()));
        (await broker.ReadAsync(sink, new StreamPosition.Beginning(), 1))[0].Value.ShouldBe("done");
        (await broker.CommittedAsync(reader, Soon())).ShouldBe(1);
    }

    [Fact]
    public async Task A_member_that_keeps_its_partition_while_others_come_and_go_is_not_told_that_it_was_taken_over()
    {
        var broker = (KafkaStreamBroker)await underTest.GetAsync();
        var source = await broker.NewTopicAsync(2);
        await using var member = new RunningMember(await broker.JoinAsync(source, source, "m"));
        await Eventually.IsTrueAsync(() => member.Held.Count == 2, "it has both partitions");
        for (var round = 0; round < 4; round++)
        {
            await using var other = new RunningMember(await broker.JoinAsync(source, source, $"other {round}"));
            await Task.WhenAll(member.Held.Values.Select(CommitAsync));
            await Eventually.IsTrueAsync(() => !other.Held.IsEmpty, "the other has its share");
            await other.VanishAsync();
            await Eventually.IsTrueAsync(() => member.Held.Count == 2, "it has both partitions again");
        }

        // Until the group has shared its partitions out; the one that is kept is committed to all the time.
        async Task CommitAsync(IPartitionReader reader)
        {
            for (var (offset, since) = (1, Stopwatch.StartNew()); since.Elapsed < TimeSpan.FromSeconds(3) && !reader.Revoked.IsCancellationRequested;)
            {
                try
                {
                    await using var transactions = await broker.OpenTransactionsAsync($"{source} {reader.Partition}", Soon());
                    while (since.Elapsed < TimeSpan.FromSeconds(3)) await transactions.CommitAsync(reader, offset++, Soon());
                }
                catch (StreamUnavailableException)
                {
                    // The group shares out its partitions: again.
                }
                catch (FencedException) when (reader.Revoked.IsCancellationRequested)
                {
                    // The other has it.
                }
            }
        }
    }

    [Fact]
    public async Task Behind_the_markers_of_transactions_nothing_waits()
    {
        var (broker, source, sink) = await TopicsAsync();
        await using var member = new RunningMember(await broker.JoinAsync(source, source, "m"));
        await using (var transactions = await broker.OpenTransactionsAsync(source, Soon()))
        {
            var producer = await transactions.OpenProducerAsync(sink, Soon());
            await producer.ProduceAsync(new[] { Record("a") }, Soon());
            await transactions.CommitAsync(await member.FirstAsync(), 1, Soon());
        }
        await using var behind = new RunningMember(await broker.JoinAsync(sink, sink, "m"));
        var reader = await behind.FirstAsync();
        await using var batches = reader.ReadAsync(null, Soon()).GetAsyncEnumerator(Soon());
        (await batches.MoveNextAsync()).ShouldBeTrue();
        var next = batches.Current.NextOffset;
        batches.Current.Dispose();
        var waiting = batches.MoveNextAsync();
        await UntilAsync(async () => await reader.LagAsync(next, Soon()) == 0, "the lag is 0");
        await broker.ProduceAsync(sink, ["b"]);
        (await waiting).ShouldBeTrue();
        batches.Current.Dispose();
    }

    private async Task<(ITransactionalBroker Broker, string Source, string Sink)> TopicsAsync()
    {
        var broker = (ITransactionalBroker)await underTest.GetAsync();
        return (broker, await broker.NewTopicAsync(), await broker.NewTopicAsync());
    }
}
