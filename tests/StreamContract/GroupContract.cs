using System.Collections.Concurrent;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using static Conductor.StreamContract.Steps;

namespace Conductor.StreamContract;

public abstract class GroupContract(IBrokerUnderTest underTest)
{
    [Fact]
    public async Task One_member_gets_every_partition_and_another_group_is_not_disturbed()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync(3);
        await using var a = new RunningMember(await broker.JoinAsync(topic, topic + "1", "a"));
        await using var b = new RunningMember(await broker.JoinAsync(topic, topic + "2", "a"));
        await UntilAsync(() => Task.FromResult(a.Held.Count == 3 && b.Held.Count == 3), "both groups hold all partitions");
        a.Held.Keys.Order().ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task A_second_member_gets_its_share_and_the_rest_when_the_first_leaves()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync(4);
        var a = new RunningMember(await broker.JoinAsync(topic, topic, "a"));
        await UntilAsync(() => Task.FromResult(a.Held.Count == 4), "the first member holds all partitions");
        await using var b = new RunningMember(await broker.JoinAsync(topic, topic, "b"));
        await UntilAsync(() => Task.FromResult(a.Held.Count == 2 && b.Held.Count == 2), "the members share the partitions");
        a.Held.Keys.Intersect(b.Held.Keys).ShouldBeEmpty();
        await a.DisposeAsync();
        await UntilAsync(() => Task.FromResult(b.Held.Count == 4), "the second member holds all partitions");
        b.Everything.Max(r => r.Epoch).ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_holder_goes_on_where_the_one_before_committed()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, ["a", "b", "c"]);
        await using (var member = new RunningMember(await broker.JoinAsync(topic, topic, "m1")))
        {
            var reader = await member.FirstAsync();
            var read = await reader.ReadAsync(null, Soon()).TakeAsync(2);
            read.Select(r => r.Value).ShouldBe(["a", "b"]);
            await reader.CommitAsync(read[1].Offset + 1, Soon());
            await UntilAsync(async () => await reader.LagAsync(read[1].Offset + 1, Soon()) == 1, "the lag is 1");
        }
        (await broker.PositionsAsync(topic, topic, Soon()))[0].Lag.ShouldBe(1);
        await using var next = new RunningMember(await broker.JoinAsync(topic, topic, "m2"));
        (await (await next.FirstAsync()).ReadAsync(null, Soon()).TakeAsync(1))[0].Value.ShouldBe("c");
    }

    [Fact]
    public async Task A_later_run_takes_over_at_once_and_fences_the_one_before()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, ["a"]);
        await using var old = new RunningMember(await broker.JoinAsync(topic, topic, "run 1", run: 1));
        var replaced = await old.FirstAsync();
        await using var latest = new RunningMember(await broker.JoinAsync(topic, topic, "run 2", run: 2));
        var current = await latest.FirstAsync();
        current.Epoch.ShouldBeGreaterThan(replaced.Epoch);
        await Should.ThrowAsync<FencedException>(() => replaced.CommitAsync(1, Soon()));
        await current.CommitAsync(1, Soon());
        await UntilAsync(() => Task.FromResult(replaced.Revoked.IsCancellationRequested), "the replaced reader knows it");
        await Should.ThrowAsync<FencedException>(() => old.Ended.WaitAsync(Soon()));
    }

    [Fact]
    public async Task A_member_that_vanished_loses_its_partitions_after_its_lease()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        var vanished = new RunningMember(await broker.JoinAsync(topic, topic, "vanishing"));
        var lost = await vanished.FirstAsync();
        await vanished.VanishAsync();
        await using var heir = new RunningMember(await broker.JoinAsync(topic, topic, "heir"));
        var reader = await heir.FirstAsync();
        reader.Epoch.ShouldBeGreaterThan(lost.Epoch);
        await Should.ThrowAsync<FencedException>(() => lost.CommitAsync(1, Soon()));
    }

    [Fact]
    public async Task Together_the_members_of_a_group_read_every_record_while_members_come_and_go()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync(4);
        var seen = new ConcurrentDictionary<string, int>();
        await broker.ProduceAsync(topic, Enumerable.Range(0, 1000).Select(i => $"{i}"));
        var a = new RunningMember(await broker.JoinAsync(topic, topic, "a"), seen);
        await using var b = new RunningMember(await broker.JoinAsync(topic, topic, "b"), seen);
        await UntilAsync(() => Task.FromResult(seen.Count >= 500), "half of the records are read");
        await a.DisposeAsync();
        await broker.ProduceAsync(topic, Enumerable.Range(1000, 1000).Select(i => $"{i}"));
        await UntilAsync(() => Task.FromResult(seen.Count == 2000), "all records are read");
        seen.Values.ShouldAllBe(times => times == 1, "every batch was committed before its partition was handed back");
    }

    [Fact]
    public async Task Only_the_partitions_that_must_move_do()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync(4);
        await using var a = new RunningMember(await broker.JoinAsync(topic, topic, "a"));
        await UntilAsync(() => Task.FromResult(a.Held.Count == 4), "the first member holds all partitions");
        await using var b = new RunningMember(await broker.JoinAsync(topic, topic, "b"));
        await UntilAsync(() => Task.FromResult(a.Held.Count == 2 && b.Held.Count == 2), "the members share the partitions");
        a.Everything.Count.ShouldBe(4, "what it kept was never taken from it");
        a.Held.Values.ShouldAllBe(reader => !reader.Revoked.IsCancellationRequested);
        b.Everything.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Partitions_that_are_added_while_members_run_are_read()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        var seen = new ConcurrentDictionary<string, int>();
        await using var member = new RunningMember(await broker.JoinAsync(topic, topic, "m"), seen);
        await member.FirstAsync();
        await broker.EnsureTopicAsync(new(topic, 3), Soon());
        await broker.ProduceAsync(topic, Enumerable.Range(0, 60).Select(i => $"{i}"));
        await UntilAsync(() => Task.FromResult(member.Held.Count == 3 && seen.Count == 60), "the new partitions are held and read");
        seen.Values.ShouldAllBe(times => times == 1);
    }

    [Fact]
    public async Task Groups_of_a_topic_are_listed_with_their_members_and_can_be_forgotten()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, ["a", "b"]);
        await broker.SeekAsync(topic, "moved", new StreamPosition.At(1), Soon());
        await using var member = new RunningMember(await broker.JoinAsync(topic, "read", "m"));
        await (await member.FirstAsync()).CommitAsync(2, Soon());
        (await broker.GroupsAsync(topic, Soon())).ShouldBe([new("moved", 0), new("read", 1)]);
        (await broker.PositionsAsync(topic, "moved", Soon()))[0].Lag.ShouldBe(1);

        await broker.ForgetGroupAsync(topic, "moved", Soon());
        await broker.ForgetGroupAsync(topic, "never there", Soon());
        (await broker.GroupsAsync(topic, Soon())).ShouldBe([new("read", 1)]);
        (await broker.PositionsAsync(topic, "moved", Soon()))[0].Lag.ShouldBe(2);
        await Should.ThrowAsync<UnknownTopicException>(() => broker.GroupsAsync("nowhere", Soon()));
    }
}
