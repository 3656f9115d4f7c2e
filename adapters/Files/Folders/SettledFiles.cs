using System.Runtime.InteropServices;

namespace Conductor.Files.Folders;

/// <summary>Finds the files of a folder that nobody writes any more.</summary>
internal sealed class SettledFiles(FolderSourceOptions options, TimeProvider time)
{
    private Dictionary<string, Sight> _unsettled = [];

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Sight(long Length, DateTime WrittenAt, long SeenAt);

    /// <summary>Complete files that are not known yet, by name.</summary>
    public IReadOnlyList<string> Find(Func<string, bool> isKnown, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        var unsettled = new Dictionary<string, Sight>();
        var unreadable = new Dictionary<string, int>();
        foreach (var file in new DirectoryInfo(options.Folder).EnumerateFiles(options.Pattern))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsUnfinished(file.Name)) continue;
            var name = IsUnreadable(file) ? Numbered(file.Name, unreadable) : file.Name;
            if (isKnown(name)) continue;
            if (name != file.Name || IsUnreadable(file) || IsSettled(file, unsettled)) found.Add(name);
        }

        // What has gone before it settled is forgotten.
        _unsettled = unsettled;
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static bool IsUnfinished(string name) =>
        name.StartsWith('.') || name.EndsWith(".part", StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal);

    /// <summary>Whether the name is not UTF-8: what stands for its bytes here leads to no file.</summary>
    private static bool IsUnreadable(FileInfo file) => file.Name.Contains(SourceFile.Unreadable, StringComparison.Ordinal) && !file.Exists;

    /// <summary>Several such names may look alike; each is to be counted.</summary>
    private static string Numbered(string name, Dictionary<string, int> seen)
    {
        var number = seen[name] = seen.GetValueOrDefault(name) + 1;
        return number == 1 ? name : $"{name} ({number})";
    }

    /// <summary>Old by its own time, or, where that cannot be trusted, unchanged for long enough since it was first seen like this.</summary>
    private bool IsSettled(FileInfo file, Dictionary<string, Sight> unsettled)
    {
        if (!file.Exists) return false;
        if (file.LastWriteTimeUtc <= time.GetUtcNow().UtcDateTime - options.Settle) return true;
        var now = time.GetTimestamp();
        if (_unsettled.TryGetValue(file.Name, out var sight) && sight.Length == file.Length && sight.WrittenAt == file.LastWriteTimeUtc)
        {
            unsettled[file.Name] = sight;
            return time.GetElapsedTime(sight.SeenAt, now) >= options.Settle;
        }

        unsettled[file.Name] = new Sight(file.Length, file.LastWriteTimeUtc, now);
        return false;
    }
}
