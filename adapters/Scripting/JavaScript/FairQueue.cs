using System.Diagnostics;

namespace Conductor.Scripting.JavaScript;

/// <summary>
/// Jobs of owners that share threads fairly by time: next is the owner that has used the least, and none holds every thread. An owner that
/// had nothing to do begins level with the one that was served last, so it neither saves up time nor pays for having been away.
/// </summary>
internal sealed class FairQueue<T>(int mostOfOne)
{
    private readonly Dictionary<string, Owner> _owners = new(StringComparer.Ordinal);
    private readonly SortedSet<Owner> _next = new(Comparer<Owner>.Create(
        (a, b) => a.Used != b.Used ? a.Used.CompareTo(b.Used) : string.CompareOrdinal(a.Name, b.Name)));
    private long _level;
    private bool _isClosed;

    /// <summary>A job in the hands of a thread, which gives it back when it is done.</summary>
    public readonly record struct Taken(T Job, string Owner, long Since);

    /// <summary>False when the queue is closed.</summary>
    public bool TryAdd(string name, T job)
    {
        lock (_owners)
        {
            if (_isClosed) return false;
            if (!_owners.TryGetValue(name, out var owner)) _owners[name] = owner = new(name) { Used = _level };
            owner.Jobs.Enqueue(job);
            Admit(owner);
            return true;
        }
    }

    /// <summary>Blocks until there is a job; null when the queue is closed.</summary>
    public Taken? Take()
    {
        lock (_owners)
        {
            while (_next.Count == 0)
            {
                if (_isClosed) return null;
                Monitor.Wait(_owners);
            }
            var first = _next.Min!;
            _next.Remove(first);
            _level = Math.Max(_level, first.Used);
            first.Running++;
            var job = first.Jobs.Dequeue();
            Admit(first);
            return new(job, first.Name, Stopwatch.GetTimestamp());
        }
    }

    public void Done(Taken taken)
    {
        lock (_owners)
        {
            var owner = _owners[taken.Owner];
            _next.Remove(owner);
            owner.Used += Stopwatch.GetTimestamp() - taken.Since;
            owner.Running--;
            if (owner is { Running: 0, Jobs.Count: 0 }) _owners.Remove(owner.Name);
            else Admit(owner);
        }
    }

    /// <summary>Takes no more jobs, and gives back those that nobody has taken.</summary>
    public IReadOnlyList<T> Close()
    {
        lock (_owners)
        {
            _isClosed = true;
            _next.Clear();
            var left = _owners.Values.SelectMany(owner => owner.Jobs).ToList();
            foreach (var owner in _owners.Values) owner.Jobs.Clear();
            Monitor.PulseAll(_owners);
            return left;
        }
    }

    private void Admit(Owner owner)
    {
        if (owner.Jobs.Count > 0 && owner.Running < mostOfOne && _next.Add(owner)) Monitor.Pulse(_owners);
    }

    private sealed class Owner(string name)
    {
        public string Name => name;
        public Queue<T> Jobs { get; } = new();
        public long Used { get; set; }
        public int Running { get; set; }
    }
}
