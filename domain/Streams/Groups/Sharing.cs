namespace Conductor.Domain.Streams.Groups;

/// <summary>Who holds a partition, as the store has it.</summary>
/// <param name="Partition">From 0.</param>
/// <param name="Epoch">Of the latest holder; 0 when there was none.</param>
/// <param name="Holder">Name of the holder, or null when it is free or its lease has run out.</param>
/// <param name="Run">Run of the latest holder.</param>
public readonly record struct HeldPartition(int Partition, long Epoch, string? Holder, long Run);

/// <summary>Shares the partitions of a topic evenly among the members of a group.</summary>
public static class Sharing
{
    /// <summary>What a member is to take and to hand back. Members differ by one partition at most once all have been asked.</summary>
    /// <param name="self">The member that asks; it is one of the members.</param>
    /// <param name="members">The live members.</param>
    /// <param name="partitions">All partitions.</param>
    public static (IReadOnlyList<int> Take, IReadOnlyList<int> HandBack) Decide(
        GroupMember self, IReadOnlyCollection<GroupMember> members, IReadOnlyList<HeldPartition> partitions)
    {
        var peers = members.Where(m => m.Run == self.Run).Select(m => m.Name).Order(StringComparer.Ordinal).ToList();
        var rank = peers.IndexOf(self.Name);
        var share = (partitions.Count / peers.Count) + (rank < partitions.Count % peers.Count ? 1 : 0);
        var mine = partitions.Where(p => p.Holder == self.Name).Select(p => p.Partition).Order().ToList();
        if (mine.Count >= share) return ([], mine[share..]);
        // What a member of an earlier run holds is free: that member is fenced by the new epoch.
        var free = partitions.Where(p => p.Holder is null || (p.Holder != self.Name && p.Run < self.Run)).Select(p => p.Partition).Order();
        return ([.. free.Take(share - mine.Count)], []);
    }
}
