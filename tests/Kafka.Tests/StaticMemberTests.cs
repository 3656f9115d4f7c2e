using Conductor.Domain.Streams.Brokers;
using Conductor.Engines;
using Conductor.StreamContract;
using static Conductor.StreamContract.Steps;

namespace Conductor.Kafka.Tests;

/// <summary>Members that keep their name over restarts.</summary>
[Integration]
public sealed class StaticMemberTests(KafkaServer kafka)
{
    [Fact]
    public async Task A_member_that_comes_again_under_its_name_has_its_partitions_at_once_and_the_old_one_is_fenced()
    {
        using var broker = new KafkaStreamBroker(
            new KafkaStreamOptions { BootstrapServers = kafka.ConnectionString, HasStaticMembers = true, Lease = TimeSpan.FromSeconds(20) },
            TimeProvider.System);
        var topic = await broker.NewTopicAsync(4);
        await using var first = new RunningMember(await JoinAsync(broker, topic, "0", "first"));
        await using var other = new RunningMember(await JoinAsync(broker, topic, "1", "other"));
        await UntilAsync(() => Task.FromResult(first.Held.Count == 2 && other.Held.Count == 2), "the members share the partitions");
        var (mine, kept) = (first.Held.Keys.Order().ToArray(), other.Everything.Count);

        await using var again = new RunningMember(await JoinAsync(broker, topic, "0", "again"));
        await UntilAsync(() => Task.FromResult(again.Held.Count == 2), "it has them long before a lease has run out");
        again.Held.Keys.Order().ShouldBe(mine);
        other.Everything.Count.ShouldBe(kept, "nothing of the other's moved");
        await Should.ThrowAsync<FencedException>(() => first.Ended.WaitAsync(Soon()));
    }

    private static Task<Domain.Streams.Processing.IRecordSource> JoinAsync(KafkaStreamBroker broker, string topic, string instance, string member) =>
        broker.SubscribeAsync(new Subscription { Topic = topic, Group = topic, Member = member, Instance = $"{topic}/{instance}" }, Soon());
}
