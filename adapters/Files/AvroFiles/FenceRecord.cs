using System.Globalization;
using System.Text;

namespace Conductor.Files.AvroFiles;

/// <summary>
/// What the fence of a partition says, in a file that is replaced as a whole: that is the one step that commits. The first line is the epoch and, if there
/// is any, the position; the others are the unfinished files' lengths and names.
/// </summary>
/// <param name="Epoch">The latest writer's.</param>
/// <param name="Position">Everything before it is in finished files, and in the unfinished ones within their lengths.</param>
/// <param name="Open">Unfinished files by the name that they will have.</param>
internal sealed record FenceRecord(long Epoch, long? Position, IReadOnlyList<(string Name, long Length)> Open)
{
    public static FenceRecord? Read(string path)
    {
        if (!File.Exists(path)) return null;
        var lines = File.ReadAllLines(path);
        var first = lines[0].Split(' ');
        return new FenceRecord(Number(first[0]), first.Length > 1 ? Number(first[1]) : null, [.. lines.Skip(1).Select(Parse)]);
    }

    public void Write(string path)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Epoch}{(Position is null ? "" : " ")}{Position}\n");
        foreach (var (name, length) in Open) text.Append(CultureInfo.InvariantCulture, $"{length} {name}\n");
        Durable.Replace(path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static (string Name, long Length) Parse(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return (line[(space + 1)..], Number(line.AsSpan(0, space)));
    }

    private static long Number(ReadOnlySpan<char> text) => long.Parse(text, CultureInfo.InvariantCulture);
}
