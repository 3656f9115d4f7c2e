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
    private readonly FileStream _order;
    private readonly List<string> _files = [];
    private readonly HashSet<string> _known = [];

    private FolderState(string folder, FileStream lockFile)
    {
        _folder = folder;
        _lock = lockFile;
        Epoch = ReadNumber("epoch") + 1 ?? 1;
        WriteNumber("epoch", Epoch);
        _order = new FileStream(Path.Combine(folder, "files"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        ReadOrder();
    }

    public long Epoch { get; }

    /// <summary>The files in the order in which they were found.</summary>
    public IReadOnlyList<string> Files => _files;

    public long? Committed => ReadNumber("position");

    /// <summary>Takes the source over, or null while somebody else holds it.</summary>
    public static FolderState? TryOpen(string folder)
    {
        Directory.CreateDirectory(folder);
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }

        try
        {
            return new FolderState(folder, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a position in files that were never found: going on from there would leave out the next ones found.</summary>
    public void Expect(long position)
    {
        var files = FolderOffset.FileOf(position) + (FolderOffset.ValueOf(position) > 0 ? 1 : 0);
        if (files > _files.Count) throw new IOException($"{_folder} has lost its order of files: {files} have been read, {_files.Count} are known");
    }

    public bool Knows(string file) => _known.Contains(file);

    /// <summary>Gives files their numbers, durably, before anything of them is read.</summary>
    public void Add(IReadOnlyList<string> files)
    {
        if (files.Count == 0) return;
        foreach (var file in files) _order.Write(Encoding.UTF8.GetBytes(Uri.EscapeDataString(file) + "\n"));
        _order.Flush(flushToDisk: true);
        foreach (var file in files) Remember(file);
    }

    public void Commit(long position)
    {
        if (ReadNumber("epoch") != Epoch) throw new FencedException($"a later holder has taken over {_folder}");
        WriteNumber("position", position);
    }

    public void Dispose()
    {
        _order.Dispose();
        _lock.Dispose();
    }

    private void ReadOrder()
    {
        var bytes = new byte[_order.Length];
        _order.ReadExactly(bytes);
        // A line that a crash cut off was never used.
        var whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        _order.SetLength(whole);
        _order.Position = whole;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Remember(Uri.UnescapeDataString(line));
        Durable.Folder(_folder);
    }

    private void Remember(string file)
    {
        _files.Add(file);
        _known.Add(file);
    }

    private long? ReadNumber(string name)
    {
        var path = Path.Combine(_folder, name);
        return File.Exists(path) ? long.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture) : null;
    }

    private void WriteNumber(string name, long value) =>
        Durable.Replace(Path.Combine(_folder, name), Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
}
