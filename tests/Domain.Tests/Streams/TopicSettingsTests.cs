using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;

namespace Conductor.Domain.Tests.Streams;

public sealed class TopicSettingsTests
{
    private static readonly TopicSpecification Existing = new("t", 3, TimeSpan.FromDays(1));

    [Fact]
    public void A_topic_of_which_nothing_is_said_keeps_its_records_for_seven_days()
    {
        new TopicSpecification("t").Limited.RetainFor.ShouldBe(TimeSpan.FromDays(7));
        new TopicSpecification("t", RetainBytes: 5_000_000).Limited.RetainFor.ShouldBeNull();
    }

    [Fact]
    public void More_partitions_and_the_same_or_no_retention_are_taken()
    {
        Existing.RefusalOf(Existing with { Partitions = 5 }).ShouldBeNull();
        Existing.RefusalOf(new TopicSpecification("t", 3)).ShouldBeNull();
    }

    [Fact]
    public void Fewer_partitions_and_another_retention_are_refused_with_the_reason()
    {
        Existing.RefusalOf(Existing with { Partitions = 2 }).ShouldBe(
            "topic 't' has 3 partitions, and partitions cannot be taken away; ask for 3 or more, or for another topic");
        Existing.RefusalOf(Existing with { RetainFor = TimeSpan.FromHours(1) })!.ShouldStartWith(
            "topic 't' keeps its records for 1.00:00:00, which cannot be changed");
        Existing.RefusalOf(Existing with { RetainBytes = 5_000_000 }).ShouldNotBeNull();
    }

    [Fact]
    public void A_position_that_is_lost_is_followed_by_the_one_that_the_policy_names()
    {
        var removed = new LostPositionException(10, new PartitionRange(0, 66, 70));
        (LostPositions.NextOf(removed, LostPositionPolicy.Earliest), removed.LeftOut(66)).ShouldBe((66, 56));
        (LostPositions.NextOf(removed, LostPositionPolicy.Latest), removed.LeftOut(70)).ShouldBe((70, 60));
        LostPositions.NextOf(removed, LostPositionPolicy.Stop).ShouldBeNull();
        removed.BeganAnew.ShouldBeFalse();
        var anew = new LostPositionException(500, new PartitionRange(0, 0, 7));
        (LostPositions.NextOf(anew, LostPositionPolicy.Earliest), anew.LeftOut(0), anew.BeganAnew).ShouldBe((0, 0, true));
    }
}
