using System.Globalization;
using System.Text;
using Conductor.Domain.Streams.Brokers;

namespace Conductor.Files.Folders;

/// <summary>
/// What a source remembers: the order in which files were found (a file's number never changes), the committed position, the epoch of the
/// holder. One holder at a time, by a lock that the system gives back when the process dies.
/// </summary>
internal sealed class FolderState : IDisposable
{
    private readonly string _folder;
    private readonly FileStream _lock;

    // Files are found on one thread, committed and named on another.
    private readonly Lock _gate = new();
    private readonly KnownFiles _known;
    private readonly Dictionary<int, string> _names = [];
    private FileStream _order = null!;
    private int _unread;
    private int _lines;

    private FolderState(string folder, FileStream lockFile, TimeProvider time)
    {
        _folder = folder;
        _lock = lockFile;
        _known = new KnownFiles(time);
        Epoch = ReadNumber("epoch") + 1 ?? 1;
        WriteNumber("epoch", Epoch);
        _unread = FolderOffset.FileOf(Committed ?? 0);
        ReadOrder();
        WriteOrder();
    }

    public long Epoch { get; }

    /// <summary>How many files have been found.</summary>
    public int Count { get; private set; }

    public long? Committed => ReadNumber("position");

    private string OrderFile => Path.Combine(_folder, "files");

    /// <summary>Takes the source over, or null while somebody else holds it.</summary>
    public static FolderState? TryOpen(string folder, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        if (LockFile.TryTake(Path.Combine(folder, "lock")) is not { } held) return null;
        try
        {
            return new FolderState(folder, held, time);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a position in files whose names are not known: going on from there would leave some out.</summary>
    public void Expect(long position)
    {
        var files = FolderOffset.FileOf(position) + (FolderOffset.ValueOf(position) > 0 ? 1 : 0);
        if (files > Count) throw new IOException($"{_folder} has lost its order of files: {files} have been read, {Count} are known");
        if (FolderOffset.FileOf(position) < _unread)
            throw new IOException($"{_folder} has forgotten the names of the files before number {_unread}, which have been read: {position} is before that");
    }

    /// <summary>A file's name, until it has been read.</summary>
    public string NameOf(int file)
    {
        lock (_gate) return _names[file];
    }

    /// <summary>Whether a file that is in the folder has been found before.</summary>
    public bool Sees(string file) => _known.Sees(file);

    /// <summary>Gives files their numbers, durably, before anything of them is read.</summary>
    public void Add(IReadOnlyList<string> files)
    {
        lock (_gate)
        {
            _known.Forget(_unread);
            if (files.Count == 0) return;
            foreach (var file in files) _order.Write(LineOf(file));
            _order.Flush(flushToDisk: true);
            foreach (var file in files) Remember(file);
            _lines += files.Count;
            if (_lines > 10_000 + (4 * _known.Count)) WriteOrder();
        }
    }

    public void Commit(long position)
    {
        if (ReadNumber("epoch") != Epoch) throw new FencedException($"a later holder has taken over {_folder}");
        WriteNumber("position", position);
        lock (_gate)
        {
            for (var read = FolderOffset.FileOf(position); _unread < read; _unread++) _names.Remove(_unread);
        }
    }

    public void Dispose()
    {
        _order.Dispose();
        _lock.Dispose();
    }

    /// <summary>Lines are a file's name, or <c>=</c> and the digest of one that has been read, or <c>@</c> and the number of the next one.</summary>
    private void ReadOrder()
    {
        if (!File.Exists(OrderFile)) return;
        var text = File.ReadAllText(OrderFile);
        // A line that a crash cut off was never used.
        foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '=') _known.AddRead(line.AsSpan(1));
            else if (line[0] == '@') Count = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
            else Remember(Uri.UnescapeDataString(line));
        }
    }

    /// <summary>Writes the order anew, without the names of what has been read.</summary>
    private void WriteOrder()
    {
        _order?.Dispose();
        using (var content = new MemoryStream())
        {
            foreach (var digest in _known.Digests(_unread)) content.Write(Encoding.UTF8.GetBytes($"={digest}\n"));
            content.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"@{Math.Min(_unread, Count)}\n")));
            for (var file = _unread; file < Count; file++) content.Write(LineOf(_names[file]));
            Durable.Replace(OrderFile, content.GetBuffer().AsSpan(0, (int)content.Length));
        }

        _order = new FileStream(OrderFile, FileMode.Append, FileAccess.Write, FileShare.Read);
        _lines = _known.Count;
    }

    private static byte[] LineOf(string file) => Encoding.UTF8.GetBytes(Uri.EscapeDataString(file) + "\n");

    private void Remember(string file)
    {
        _known.Add(file, Count);
        if (Count >= _unread) _names[Count] = file;
        Count++;
    }

    private long? ReadNumber(string name)
    {
        var path = Path.Combine(_folder, name);
        return File.Exists(path) ? long.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture) : null;
    }

    private void WriteNumber(string name, long value) =>
        Durable.Replace(Path.Combine(_folder, name), Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
}
