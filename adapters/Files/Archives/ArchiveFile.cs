using System.IO.Compression;

namespace Conductor.Files.Archives;

/// <summary>The lines of one day and one name: a file that <c>zcat</c> reads, and its index.</summary>
internal sealed class ArchiveFile(string folder, string stem)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>How indexes end.</summary>
    public const string IndexEnd = ".idx";

    public string Data { get; } = Path.Combine(folder, stem + ".jsonl.gz");

    public string Index { get; } = Path.Combine(folder, stem + IndexEnd);

    /// <summary>The file of a name, whatever characters that has: none leads out of the folder.</summary>
    public static ArchiveFile Of(string folder, string name) => new(folder, FileStem.Fitted(Uri.EscapeDataString(name)));

    /// <summary>Adds lines so that a power cut no longer takes them back. What a crash left half written behind the last good member goes first.</summary>
    /// <exception cref="InvalidDataException">The file is shorter than its index says.</exception>
    public void Append(string name, ArchivedLines lines)
    {
        using var index = Open(Index);
        var (last, length) = ArchiveIndex.Tail(index);
        if (last is null && File.Exists(Data)) SetAside();
        using var data = Open(Data);
        var offset = last?.End ?? 0;
        if (data.Length < offset) throw new InvalidDataException($"{Data} has {data.Length} bytes, but its index tells of {offset}");
        var content = lines.Finish();
        data.SetLength(offset);
        data.Position = offset;
        data.Write(content.Span);
        data.Flush(flushToDisk: true);
        index.SetLength(length);
        index.Position = length;
        index.Write(new ArchiveMember
        {
            Name = name, Offset = offset, Length = content.Length, Lines = (last?.Lines ?? 0) + lines.Ids.Count, Ids = lines.Ids,
        }.Write());
        index.Flush(flushToDisk: true);
    }

    /// <summary>The lines of a member; each ends with a line break.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Lines(ArchiveMember member)
    {
        var content = Read(member);
        var lines = new List<ReadOnlyMemory<byte>>(member.Ids.Count);
        for (var rest = content; rest.Span.IndexOf((byte)'\n') is var end && end >= 0; rest = rest[(end + 1)..]) lines.Add(rest[..(end + 1)]);
        return lines;
    }

    private ReadOnlyMemory<byte> Read(ArchiveMember member)
    {
        var bytes = new byte[member.Length];
        using (var data = new FileStream(Data, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            data.Position = member.Offset;
            data.ReadExactly(bytes);
        }
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }

    // Without an index nobody knows where its members end: a torn one may be among them. It is kept for people.
    private void SetAside()
    {
        var free = Enumerable.Range(1, int.MaxValue).Select(n => $"{Data}.unindexed.{n}").First(path => !File.Exists(path));
        File.Move(Data, free);
    }

    private static FileStream Open(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }
}
