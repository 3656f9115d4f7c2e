using Conductor.Console.Clients;

namespace Conductor.Console.Live;

/// <summary>
/// Answers of a service that all viewers share until its feed tells of a change: however many have a page open, the service is asked once for each
/// change, and not at all while nothing changes. While nobody listens to the feed, nothing tells that an answer is old, and none is kept.
/// </summary>
internal sealed class SharedReads(ChangeSource changes)
{
    // Each is a page that somebody looks at. Beyond, pages ask for themselves.
    private const int Most = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _answers = new(StringComparer.Ordinal);
    private long? _version;

    /// <summary>The answer of now to a question, given its path.</summary>
    public Task<Fetched<T>> GetAsync<T>(string path, Func<CancellationToken, Task<Fetched<T>>> ask, CancellationToken ct)
    {
        lock (_gate)
        {
            // Read before the question is asked: an answer may be newer than its version, but never older.
            var version = changes.Version;
            if (version != _version) _answers.Clear();
            _version = version;
            if (version is null) return ask(ct);
            if (_answers.TryGetValue(path, out var known)) return ((Task<Fetched<T>>)known).WaitAsync(ct);
            if (_answers.Count >= Most) return ask(ct);
            var answer = AskAsync(path, ask);
            // One that is there at once is as good as one that takes its time.
            if (!answer.IsCompleted || answer is { IsCompletedSuccessfully: true, Result.Failure: null }) _answers[path] = answer;
            return answer.WaitAsync(ct);
        }
    }

    /// <summary>What was answered before counts no more.</summary>
    public void Forget()
    {
        lock (_gate) _answers.Clear();
    }

    // Whoever asked first may go: the others wait on. That there was no answer is nothing to keep.
    private async Task<Fetched<T>> AskAsync<T>(string path, Func<CancellationToken, Task<Fetched<T>>> ask)
    {
        var isAnswered = false;
        try
        {
            var answer = await ask(CancellationToken.None);
            isAnswered = answer.Failure is null;
            return answer;
        }
        finally
        {
            if (!isAnswered)
                lock (_gate) _answers.Remove(path);
        }
    }
}
