using System.IO.Compression;

namespace Conductor.Files.Archives;

/// <summary>Lines for an archive, compressed as they come: what one append adds. Not thread-safe.</summary>
public sealed class ArchivedLines : IDisposable
{
    private readonly MemoryStream _member = new();
    private readonly List<Guid> _ids = [];
    private readonly GZipStream _gzip;

    /// <summary>None yet.</summary>
    public ArchivedLines() =>
        // Definitions repeat from line to line: more effort would hardly save bytes.
        _gzip = new GZipStream(_member, CompressionLevel.Fastest, leaveOpen: true);

    /// <summary>What the lines are about, in their order.</summary>
    public IReadOnlyList<Guid> Ids => _ids;

    /// <summary>Bytes of the lines as they came.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a line.</summary>
    /// <param name="id">What it is about.</param>
    /// <param name="json">JSON; line breaks between its tokens become blanks.</param>
    public void Add(Guid id, ReadOnlySpan<byte> json)
    {
        _ids.Add(id);
        Bytes += json.Length + 1;
        // Within texts JSON escapes them.
        for (int at; (at = json.IndexOfAny((byte)'\n', (byte)'\r')) >= 0; json = json[(at + 1)..])
        {
            _gzip.Write(json[..at]);
            _gzip.WriteByte((byte)' ');
        }
        _gzip.Write(json);
        _gzip.WriteByte((byte)'\n');
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _gzip.Dispose();
        _member.Dispose();
    }

    /// <summary>Ends the lines: a complete gzip member.</summary>
    internal ReadOnlyMemory<byte> Finish()
    {
        _gzip.Dispose();
        return _member.GetBuffer().AsMemory(0, (int)_member.Length);
    }
}
