using System.Globalization;

namespace Conductor.Files.Archives;

/// <summary>What an archive holds of one day and one name.</summary>
/// <param name="Day">The day (UTC).</param>
/// <param name="Name">The name.</param>
/// <param name="Lines">Lines; more than there are ids where a crash made some be written again.</param>
/// <param name="Bytes">Bytes of the compressed file.</param>
public sealed record ArchivedDay(DateOnly Day, string Name, long Lines, long Bytes);

/// <summary>
/// Lines of JSON that are kept for good, each about something with an id: a folder for each day, in it for each name a gzip file, to which whole
/// members are appended, and its index. A line that is appended again replaces the one before: readers see the last line of an id. One process
/// appends at a time; any number read meanwhile.
/// </summary>
/// <param name="root">The folder; made when something is appended.</param>
public sealed class ArchiveFolder(string root)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>Appends lines; when this returns, a power cut takes none of them back.</summary>
    /// <exception cref="IOException">Another process is appending, or the disk does not take them. Nothing of them is seen by readers then.</exception>
    public void Append(DateOnly day, string name, ArchivedLines lines)
    {
        var folder = FolderOf(day);
        var isNew = !Directory.Exists(folder);
        Create(root);
        using var held = LockFile.TryTake(Path.Combine(root, ".lock")) ?? throw new IOException($"another process writes to the archive {root}");
        Create(folder);
        ArchiveFile.Of(folder, name).Append(name, lines);
        Durable.Folder(folder);
        if (isNew) Durable.Folder(root);
    }

    /// <summary>A page of the days and names, the newest day first, and how many there are.</summary>
    public (int Total, IReadOnlyList<ArchivedDay> Page) List(int start, int size)
    {
        var all = Days().SelectMany(day => Indexes(day).Select(index => (Day: day, Index: index))).ToList();
        var page = all.Skip(start).Take(size).Select(found => (found.Day, Last: ArchiveIndex.Last(found.Index))).Where(found => found.Last is not null);
        return (all.Count, [.. page.Select(found => new ArchivedDay(found.Day, found.Last!.Name, found.Last.Lines, found.Last.End))]);
    }

    /// <summary>The last line about an id, or null. Reads indexes from the newest day back, and one member.</summary>
    /// <param name="id">What it is about.</param>
    /// <param name="since">It is in no earlier day's folder.</param>
    public ReadOnlyMemory<byte>? Find(Guid id, DateOnly since)
    {
        foreach (var index in Days().TakeWhile(day => day >= since).SelectMany(Indexes))
        {
            if (ArchiveIndex.Read(index, id.ToString()).LastOrDefault(found => found.Ids.Contains(id)) is not { } member) continue;
            var file = new ArchiveFile(Path.GetDirectoryName(index)!, Path.GetFileName(index)[..^ArchiveFile.IndexEnd.Length]);
            return file.Lines(member)[member.Ids.ToList().LastIndexOf(id)];
        }
        return null;
    }

    /// <summary>Whether there are lines of a day and a name.</summary>
    public bool Holds(DateOnly day, string name) => File.Exists(ArchiveFile.Of(FolderOf(day), name).Index);

    /// <summary>The lines of a day and a name, each id once, member by member.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Lines(DateOnly day, string name)
    {
        var file = ArchiveFile.Of(FolderOf(day), name);
        var latest = LatestOfRepeated(file);
        foreach (var member in ArchiveIndex.Read(file.Index))
        {
            var lines = file.Lines(member);
            for (var i = 0; i < lines.Count; i++)
                if (!latest.TryGetValue(member.Ids[i], out var last) || last == (member.Offset, i)) yield return lines[i];
        }
    }

    // Few ids have several lines; the others take part in the first look only.
    private static Dictionary<Guid, (long Offset, int Line)> LatestOfRepeated(ArchiveFile file)
    {
        var (seen, latest) = (new HashSet<Guid>(), new Dictionary<Guid, (long, int)>());
        foreach (var member in ArchiveIndex.Read(file.Index))
            for (var i = 0; i < member.Ids.Count; i++)
                if (!seen.Add(member.Ids[i])) latest[member.Ids[i]] = (member.Offset, i);
        return latest;
    }

    private IEnumerable<DateOnly> Days() => !Directory.Exists(root)
        ? []
        : Directory.EnumerateDirectories(root).Select(path => DayOf(Path.GetFileName(path))).OfType<DateOnly>().OrderDescending();

    private static DateOnly? DayOf(string folder) =>
        DateOnly.TryParseExact(folder, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private IEnumerable<string> Indexes(DateOnly day) =>
        Directory.EnumerateFiles(FolderOf(day), "*" + ArchiveFile.IndexEnd).Order(StringComparer.Ordinal);

    private string FolderOf(DateOnly day) => Path.Combine(root, day.ToString(DayFormat, CultureInfo.InvariantCulture));

    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly);
    }
}
