using System.Runtime.InteropServices;

namespace Conductor.Files.Folders;

/// <summary>Finds the files of a folder that nobody writes any more.</summary>
internal sealed class SettledFiles(FolderSourceOptions options, TimeProvider time)
{
    private readonly Dictionary<string, Sight> _unsettled = [];

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Sight(long Length, DateTime WrittenAt, long SeenAt);

    /// <summary>Complete files that are not known yet, by name.</summary>
    public IReadOnlyList<string> Find(Func<string, bool> isKnown)
    {
        var found = new List<string>();
        foreach (var file in new DirectoryInfo(options.Folder).EnumerateFiles(options.Pattern))
        {
            if (IsUnfinished(file.Name) || isKnown(file.Name) || !IsSettled(file)) continue;
            found.Add(file.Name);
            _unsettled.Remove(file.Name);
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static bool IsUnfinished(string name) =>
        name.StartsWith('.') || name.EndsWith(".part", StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal);

    /// <summary>Old by its own time, or, where that cannot be trusted, unchanged for long enough since it was first seen like this.</summary>
    private bool IsSettled(FileInfo file)
    {
        if (!file.Exists) return false;
        if (file.LastWriteTimeUtc <= time.GetUtcNow().UtcDateTime - options.Settle) return true;
        var now = time.GetTimestamp();
        if (_unsettled.TryGetValue(file.Name, out var sight) && sight.Length == file.Length && sight.WrittenAt == file.LastWriteTimeUtc)
        {
            return time.GetElapsedTime(sight.SeenAt, now) >= options.Settle;
        }

        _unsettled[file.Name] = new Sight(file.Length, file.LastWriteTimeUtc, now);
        return false;
    }
}
