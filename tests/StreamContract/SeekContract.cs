using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using static Conductor.StreamContract.Steps;

namespace Conductor.StreamContract;

public abstract class SeekContract(IBrokerUnderTest underTest)
{
    [Fact]
    public async Task Reading_starts_at_an_offset_a_time_the_beginning_or_the_end()
    {
        var (broker, topic, times) = await TenRecordsAsync();
        var all = await broker.ReadAsync(topic, new StreamPosition.Beginning(), 10);
        all.Select(r => r.Value).ShouldBe(Enumerable.Range(0, 10).Select(i => $"{i}"));
        (await broker.ReadAsync(topic, new StreamPosition.At(all[4].Offset), 2)).Select(r => r.Value).ShouldBe(["4", "5"]);
        (await broker.ReadAsync(topic, new StreamPosition.Since(times[6]), 2)).Select(r => r.Value).ShouldBe(["6", "7"]);
        (await broker.ReadAsync(topic, new StreamPosition.Since(times[6].AddMilliseconds(1)), 1)).Select(r => r.Value).ShouldBe(["7"]);
    }

    [Fact]
    public async Task A_group_without_members_can_be_moved_to_an_offset_or_a_time()
    {
        var (broker, topic, times) = await TenRecordsAsync();
        (await broker.PositionsAsync(topic, topic, Soon()))[0].Lag.ShouldBe(10);
        await broker.SeekAsync(topic, topic, new StreamPosition.Since(times[8]), Soon());
        (await broker.PositionsAsync(topic, topic, Soon()))[0].Lag.ShouldBe(2);
        await broker.SeekAsync(topic, topic, new StreamPosition.End(), Soon());
        (await broker.PositionsAsync(topic, topic, Soon()))[0].Lag.ShouldBe(0);
        await broker.SeekAsync(topic, topic, new StreamPosition.Since(times[9].AddMinutes(1)), Soon());
        (await broker.PositionsAsync(topic, topic, Soon()))[0].Lag.ShouldBe(0);
        await broker.SeekAsync(topic, topic, new StreamPosition.Beginning(), Soon());
        await using var member = new RunningMember(await broker.JoinAsync(topic, topic, "m"));
        (await (await member.FirstAsync()).ReadAsync(null, Soon()).TakeAsync(1))[0].Value.ShouldBe("0");
    }

    [Fact]
    public async Task A_group_with_live_members_cannot_be_moved()
    {
        var (broker, topic, _) = await TenRecordsAsync();
        await using var member = new RunningMember(await broker.JoinAsync(topic, topic, "m"));
        await member.FirstAsync();
        await Should.ThrowAsync<InvalidOperationException>(() => broker.SeekAsync(topic, topic, new StreamPosition.Beginning(), Soon()));
    }

    private async Task<(IStreamBroker Broker, string Topic, DateTimeOffset[] Times)> TenRecordsAsync()
    {
        var broker = await underTest.GetAsync();
        var topic = await broker.NewTopicAsync();
        var start = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).AddMilliseconds(-100);
        var times = Enumerable.Range(0, 10).Select(i => start.AddMilliseconds(i * 10)).ToArray();
        await broker.ProduceAsync(topic, [.. times.Select((t, i) => Record($"{i}") with { Timestamp = t })]);
        return (broker, topic, times);
    }
}
