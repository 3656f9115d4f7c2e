using Conductor.Domain.Streams.Brokers;
using static Conductor.StreamContract.Steps;

namespace Conductor.StreamContract;

public abstract class TopicContract(IBrokerUnderTest underTest)
{
    [Fact]
    public async Task A_topic_is_created_on_demand_with_partitions_and_retention()
    {
        var broker = await underTest.GetAsync();
        var wanted = new TopicSpecification("t" + Guid.NewGuid().ToString("N"), 3, TimeSpan.FromHours(2), 50_000_000);
        (await broker.FindTopicAsync(wanted.Name, Soon())).ShouldBeNull();
        (await broker.EnsureTopicAsync(wanted, Soon())).ShouldBe(wanted);
        (await broker.FindTopicAsync(wanted.Name, Soon())).ShouldBe(wanted);
        (await broker.RangesAsync(wanted.Name, Soon())).ShouldBe([new(0, 0, 0), new(1, 0, 0), new(2, 0, 0)]);
    }

    [Fact]
    public async Task Ensuring_an_existing_topic_adds_partitions_but_never_removes_any()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync(2);
        await broker.ProduceAsync(topic, ["a"]);
        (await broker.EnsureTopicAsync(new(topic, 1), Soon())).Partitions.ShouldBe(2);
        (await broker.EnsureTopicAsync(new(topic, 4), Soon())).Partitions.ShouldBe(4);
        (await broker.RangesAsync(topic, Soon())).Sum(r => r.Next - r.First).ShouldBe(1);
    }

    [Fact]
    public async Task A_deleted_topic_is_gone_with_its_records_and_positions()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        await broker.ProduceAsync(topic, ["a", "b"]);
        await broker.SeekAsync(topic, topic, new StreamPosition.At(2), Soon());
        await broker.DeleteTopicAsync(topic, Soon());
        await broker.DeleteTopicAsync(topic, Soon());
        (await broker.FindTopicAsync(topic, Soon())).ShouldBeNull();
        await broker.EnsureTopicAsync(new(topic), Soon());
        (await broker.PositionsAsync(topic, topic, Soon())).ShouldBe([new(0, 0, 0)]);
    }

    [Fact]
    public async Task An_unknown_topic_is_an_error_that_names_it()
    {
        var broker = await underTest.GetAsync();
        (await Should.ThrowAsync<UnknownTopicException>(() => broker.OpenProducerAsync("nowhere", Soon()))).Topic.ShouldBe("nowhere");
        await Should.ThrowAsync<UnknownTopicException>(() => broker.JoinAsync("nowhere", "g", "m"));
        await Should.ThrowAsync<UnknownTopicException>(() => broker.RangesAsync("nowhere", Soon()));
        var topic = await broker.NewTopicAsync(2);
        await Should.ThrowAsync<UnknownTopicException>(() => broker.ReadAsync(topic, new StreamPosition.Beginning(), 1, partition: 2));
    }

    [Fact]
    public async Task A_compacted_topic_is_made_or_refused_with_the_reason()
    {
        var broker = await underTest.GetAsync();
        var wanted = new TopicSpecification("t" + Guid.NewGuid().ToString("N"), 2) { IsCompacted = true };
        if (broker.RefusalOf(wanted) is { } refusal)
        {
            (await Should.ThrowAsync<InvalidOperationException>(() => broker.EnsureTopicAsync(wanted, Soon()))).Message.ShouldContain(refusal);
            (await broker.FindTopicAsync(wanted.Name, Soon())).ShouldBeNull();
            return;
        }

        (await broker.EnsureTopicAsync(wanted, Soon())).ShouldBe(wanted);
        (await broker.FindTopicAsync(wanted.Name, Soon())).ShouldBe(wanted);
    }

    [Fact]
    public async Task Topics_are_listed_by_name_with_their_settings()
    {
        var broker = await underTest.GetAsync();
        var first = new TopicSpecification("t-a" + Guid.NewGuid().ToString("N"), 2, TimeSpan.FromHours(3));
        var second = new TopicSpecification("t-b" + Guid.NewGuid().ToString("N"), 1, RetainBytes: 5_000_000);
        await broker.EnsureTopicAsync(second, Soon());
        await broker.EnsureTopicAsync(first, Soon());
        var topics = await broker.TopicsAsync(Soon());
        topics.Where(t => t.Name == first.Name || t.Name == second.Name).ShouldBe([first, second]);
        topics.ShouldNotContain(t => t.Name.StartsWith("__", StringComparison.Ordinal));
    }
}
