namespace Conductor.AppHost.Supervision;

/// <summary>
/// A text file that, when it is full, becomes <c>name.1</c> in place of the one before, and begins anew. A full disk loses lines, which are
/// counted, and nothing else: the next line that can be written says how many.
/// </summary>
internal sealed class BoundedFile(string path, long limit = 5_000_000) : IDisposable
{
    private StreamWriter? _writer;
    private long _lost;

    public void Write(string line)
    {
        try
        {
            _writer ??= Open();
            if (_lost > 0) _writer.WriteLine($"({_lost} lines could not be written)");
            _writer.WriteLine(line);
            _lost = 0;
            if (_writer.BaseStream.Length < limit) return;
            _writer.Dispose();
            _writer = null;
            File.Move(path, path + ".1", overwrite: true);
        }
        catch (IOException)
        {
            _lost++;
            Close();
        }
    }

    public void Dispose() => Close();

    private void Close()
    {
        try
        {
            _writer?.Dispose();
        }
        catch (IOException)
        {
            // What the buffer held is among the lines that were counted.
        }
        _writer = null;
    }

    private StreamWriter Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new StreamWriter(path, options) { AutoFlush = true };
    }
}
