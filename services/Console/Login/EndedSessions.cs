using System.Collections.Concurrent;
using System.Globalization;

namespace Conductor.Console.Login;

/// <summary>
/// Sessions that were logged out, for as long as a copy of their cookie would still be taken. With a folder they are in its file
/// <c>ended-sessions</c>, one line each, so that they stay ended after a restart.
/// </summary>
internal sealed class EndedSessions
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private readonly TimeProvider _time;
    private readonly string? _file;

    public EndedSessions(string? folder, TimeProvider time)
    {
        _time = time;
        if (folder is null)
            return;
        _file = Path.Combine(folder, "ended-sessions");
        if (File.Exists(_file))
            Load(File.ReadAllLines(_file));
    }

    public bool Contains(string session) => _until.ContainsKey(session);

    /// <summary>Written before it returns: a log-out that cannot be kept fails.</summary>
    public void Add(string session)
    {
        var until = _time.GetUtcNow() + SessionCookie.Lifetime;
        _until[session] = until;
        if (_file is null)
            return;
        lock (_writing)
            File.AppendAllText(_file, Line(session, until));
    }

    // What the last process did not write to its end was not answered either.
    private void Load(string[] lines)
    {
        foreach (var line in lines)
        {
            if (line.Split(' ') is [var session, var text] && long.TryParse(text, CultureInfo.InvariantCulture, out var seconds)
                && DateTimeOffset.FromUnixTimeSeconds(seconds) is var until && until > _time.GetUtcNow())
                _until[session] = until;
        }
        File.WriteAllText(_file + ".new", string.Concat(_until.Select(pair => Line(pair.Key, pair.Value))));
        File.Move(_file + ".new", _file!, overwrite: true);
    }

    private static string Line(string session, DateTimeOffset until) => string.Create(CultureInfo.InvariantCulture, $"{session} {until.ToUnixTimeSeconds()}\n");
}
