namespace Conductor.Hosting.Logs;

/// <summary>A text file that, when it is full, becomes <c>name.1</c> in place of the one before, and begins anew.</summary>
internal sealed class BoundedFile(string path, long limit = 5_000_000) : IDisposable
{
    private StreamWriter? _writer;

    public void Write(string line)
    {
        _writer ??= Open();
        _writer.WriteLine(line);
        if (_writer.BaseStream.Length < limit) return;
        _writer.Dispose();
        File.Move(path, path + ".1", overwrite: true);
        _writer = Open();
    }

    public void Dispose() => _writer?.Dispose();

    private StreamWriter Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
    }
}
