using Conductor.Domain.Streams.Groups;

namespace Conductor.Domain.Tests.Streams;

public sealed class SharingTests
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 7)]
    [InlineData(5, 3)]
    [InlineData(4, 4)]
    public void In_turn_the_members_come_to_even_shares_of_all_partitions(int members, int partitions)
    {
        var all = Enumerable.Range(0, members).Select(i => new GroupMember($"m{i}", 1)).ToList();
        var held = Enumerable.Range(0, partitions).Select(i => new HeldPartition(i, 0, null, 0)).ToList();
        for (var turn = 0; turn < 3; turn++)
        {
            foreach (var member in all) held = Turn(member, all, held);
        }
        var shares = all.Select(m => held.Count(p => p.Holder == m.Name)).ToList();
        shares.Sum().ShouldBe(partitions);
        (shares.Max() - shares.Min()).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void A_newcomer_waits_until_the_others_hand_back()
    {
        var members = new[] { new GroupMember("a", 1), new GroupMember("b", 1) };
        var held = new List<HeldPartition> { new(0, 1, "a", 1), new(1, 1, "a", 1) };
        Sharing.Decide(members[1], members, held).Take.ShouldBeEmpty();
        Sharing.Decide(members[0], members, held).HandBack.ShouldBe([1]);
    }

    [Fact]
    public void What_an_earlier_run_holds_is_taken_at_once()
    {
        var latest = new GroupMember("b", 2);
        Sharing.Decide(latest, [new("a", 1), latest], [new(0, 1, "a", 1), new(1, 1, "a", 1)]).Take.ShouldBe([0, 1]);
    }

    private static List<HeldPartition> Turn(GroupMember member, List<GroupMember> all, List<HeldPartition> held)
    {
        var (take, handBack) = Sharing.Decide(member, all, held);
        take.Intersect(handBack).ShouldBeEmpty();
        return [.. held.Select(p => take.Contains(p.Partition) ? p with { Holder = member.Name, Epoch = p.Epoch + 1, Run = 1 } : handBack.Contains(p.Partition)
            ? p with { Holder = null }
            : p)];
    }
}
