using System.Collections.Concurrent;

namespace Conductor.Postgres.Supervision;

/// <summary>What this service removes by itself, so that people can see it. Figures are those of this process. Thread-safe.</summary>
public sealed class Removals(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Removal> _all = new();

    /// <summary>All of them, by kind.</summary>
    public IReadOnlyList<Removal> All => [.. _all.Values.OrderBy(removal => removal.Kind, StringComparer.Ordinal)];

    /// <summary>Announces a kind; of one that is announced again, the first counts.</summary>
    public Removal Announce(RemovalRule rule) => _all.GetOrAdd(rule.Kind, _ => new Removal(rule, time));
}

/// <summary>Who removes what, and when.</summary>
/// <param name="Kind">What is removed.</param>
/// <param name="By">Who removes it.</param>
/// <param name="After">How old it is then, where that is what decides.</param>
/// <param name="Setting">The setting that switches it off; null where it belongs to how the service works.</param>
/// <param name="IsOn">Whether it is on.</param>
public sealed record RemovalRule(string Kind, string By, TimeSpan? After, string? Setting = null, bool IsOn = true);

/// <summary>A kind of rows that is removed, and what was. Thread-safe.</summary>
public sealed class Removal
{
    private readonly TimeProvider _time;
    private long _rows;
    private long _lastRun;

    internal Removal(RemovalRule rule, TimeProvider time) => (Rule, _time) = (rule, time);

    /// <summary>The rule.</summary>
    public RemovalRule Rule { get; }

    /// <summary>What is removed.</summary>
    public string Kind => Rule.Kind;

    /// <summary>Rows removed since the process started.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>When it last looked for something to remove; null for not yet.</summary>
    public DateTimeOffset? LastRun => Interlocked.Read(ref _lastRun) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>It has looked, and removed so many rows.</summary>
    public void Ran(long rows)
    {
        Interlocked.Add(ref _rows, rows);
        Interlocked.Exchange(ref _lastRun, _time.GetUtcNow().UtcTicks);
    }
}
