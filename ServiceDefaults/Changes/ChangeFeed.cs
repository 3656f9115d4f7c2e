using System.Runtime.CompilerServices;

namespace Conductor.ServiceDefaults.Changes;

/// <summary>Something under <see cref="Topic"/> is not what it was.</summary>
/// <param name="Topic">Names what changed, for example <c>workflows</c>.</param>
/// <param name="Version">Grows with each change of the topic, also over a restart of the process.</param>
public readonly record struct Change(string Topic, long Version);

/// <summary>
/// Tells live pages that they are out of date. <see cref="Changed"/> is cheap enough for every commit: readers see the latest
/// version of a topic at most four times a second, however often it changes.
/// </summary>
public sealed class ChangeFeed(TimeProvider time)
{
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _versions = [];
    private readonly long _firstVersion = time.GetUtcNow().ToUnixTimeMilliseconds();
    private TaskCompletionSource? _waiting;

    /// <summary>Notes one more change of <paramref name="topic"/>.</summary>
    public void Changed(string topic)
    {
        TaskCompletionSource? waiting;
        lock (_lock)
        {
            _versions[topic] = _versions.GetValueOrDefault(topic, _firstVersion) + 1;
            waiting = _waiting;
            _waiting = null;
        }
        waiting?.SetResult();
    }

    /// <summary>The topics as they are now, and then each that changes, until <paramref name="cancellationToken"/> is cancelled.</summary>
    public async IAsyncEnumerable<Change> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, long>();
        while (true)
        {
            var (changes, next) = Since(seen);
            foreach (var change in changes) yield return change;
            if (changes.Count > 0) await Task.Delay(Pause, time, cancellationToken);
            else await next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>What is newer than <paramref name="seen"/>, which it brings up to date, and a task that ends with the next change.</summary>
    internal (List<Change> Changes, Task Next) Since(Dictionary<string, long> seen)
    {
        lock (_lock)
        {
            var changes = new List<Change>();
            foreach (var (topic, version) in _versions)
            {
                if (seen.TryGetValue(topic, out var old) && old == version) continue;
                seen[topic] = version;
                changes.Add(new Change(topic, version));
            }
            _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (changes, _waiting.Task);
        }
    }
}
