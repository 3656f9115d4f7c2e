using System.Text;

namespace Conductor.Files.Archives;

/// <summary>Reads indexes of archive files. Their last line may be torn, by a crash or because it is being written; then it does not count.</summary>
internal static class ArchiveIndex
{
    private const int FirstLook = 1 << 16;

    /// <summary>The members of a file in their order.</summary>
    /// <param name="path">The index.</param>
    /// <param name="text">Only those whose line holds this; all when null.</param>
    /// <exception cref="InvalidDataException">A line that is not the last one cannot be read.</exception>
    public static IEnumerable<ArchiveMember> Read(string path, string? text = null)
    {
        if (!File.Exists(path)) yield break;
        using var lines = new StreamReader(Open(path), Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            if (text is not null && !line.Contains(text, StringComparison.Ordinal)) continue;
            if (ArchiveMember.Read(Encoding.UTF8.GetBytes(line)) is { } member) yield return member;
            else if (lines.ReadLine() is not null) throw Damaged(path);
        }
    }

    /// <summary>The last member, and where the index ends after it.</summary>
    /// <exception cref="InvalidDataException">More than the last line cannot be read.</exception>
    public static (ArchiveMember? Last, long Length) Tail(FileStream index)
    {
        for (long look = FirstLook; ; look *= 4)
        {
            var start = Math.Max(0, index.Length - look);
            var bytes = new byte[index.Length - start];
            index.Position = start;
            index.ReadExactly(bytes);
            if (Last(bytes, isWhole: start == 0, index.Name) is var (last, length)) return (last, start + length);
        }
    }

    /// <summary>The last member of a file, or null.</summary>
    public static ArchiveMember? Last(string path)
    {
        using var index = Open(path);
        return Tail(index).Last;
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    // Null where more bytes are needed to tell.
    private static (ArchiveMember? Last, int Length)? Last(ReadOnlySpan<byte> bytes, bool isWhole, string path)
    {
        var end = bytes.LastIndexOf((byte)'\n');
        for (var torn = 0; end >= 0; torn++)
        {
            var before = bytes[..end].LastIndexOf((byte)'\n');
            if (before < 0 && !isWhole) return null;
            if (ArchiveMember.Read(bytes[(before + 1)..end]) is { } last) return (last, end + 1);
            if (torn > 0) throw Damaged(path);
            end = before;
        }
        return isWhole ? (null, 0) : null;
    }

    private static InvalidDataException Damaged(string path) => new($"the index {path} of an archive is damaged");
}
