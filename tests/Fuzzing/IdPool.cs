using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Conductor.Fuzzing;

/// <summary>Ids that answers held, without those that nobody else may touch.</summary>
public sealed partial class IdPool
{
    private const int Most = 300;
    private readonly ConcurrentDictionary<Guid, bool> _reserved = new();
    private readonly Guid[] _ids = new Guid[Most];
    private int _count;

    /// <summary>Nobody gets this id from now on.</summary>
    public void Reserve(Guid id) => _reserved[id] = true;

    /// <summary>Notes the first ids of an answer.</summary>
    internal void Harvest(string answer)
    {
        foreach (var match in Id().EnumerateMatches(answer.AsSpan(0, Math.Min(answer.Length, 20_000))))
            _ids[Interlocked.Increment(ref _count) % Most] = Guid.Parse(answer.AsSpan(match.Index, match.Length));
    }

    /// <summary>One of the latest ids that is not reserved.</summary>
    internal Guid? Choose(Random random)
    {
        var id = _ids[random.Next(Most)];
        return id == Guid.Empty || _reserved.ContainsKey(id) ? null : id;
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();
}
