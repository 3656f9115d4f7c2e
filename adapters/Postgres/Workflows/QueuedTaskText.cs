using System.Globalization;
using System.Text;

namespace Conductor.Postgres.Workflows;

/// <summary>
/// Tasks as the payload of a notification: the server that they are for, then a line for each with its fields, separated by spaces, names
/// escaped as in a URL. PostgreSQL takes less than 8,000 bytes.
/// </summary>
internal static class QueuedTaskText
{
    private const int MostBytes = 7900;

    public static IEnumerable<string> Write(Guid server, IReadOnlyList<QueuedTask> tasks)
    {
        var text = new StringBuilder(server.ToString("N"));
        var bytes = text.Length;
        foreach (var task in tasks)
        {
            var line = string.Create(CultureInfo.InvariantCulture,
                $"\n{task.TaskId:N} {task.WorkflowId:N} {task.Priority} {task.Due.UtcTicks} {task.Trace ?? "-"} "
                + $"{Escaped(task.Queue)} {Escaped(task.Workflow)}");
            var more = Encoding.UTF8.GetByteCount(line);
            if (bytes + more > MostBytes)
            {
                yield return text.ToString();
                text.Clear().Append(server.ToString("N"));
                bytes = text.Length;
            }
            text.Append(line);
            bytes += more;
        }
        yield return text.ToString();
    }

    public static Guid Server(string payload) => Guid.ParseExact(payload.AsSpan(0, 32), "N");

    public static IReadOnlyList<QueuedTask> Read(string payload) => [.. payload.Split('\n').Skip(1).Select(Line)];

    // Names may hold spaces and line ends.
    private static string Escaped(string name) => Uri.EscapeDataString(name);

    private static QueuedTask Line(string line)
    {
        var fields = line.Split(' ');
        return new QueuedTask(
            Guid.ParseExact(fields[0], "N"), Guid.ParseExact(fields[1], "N"),
            Uri.UnescapeDataString(fields[5]), Uri.UnescapeDataString(fields[6]), int.Parse(fields[2], CultureInfo.InvariantCulture),
            new DateTimeOffset(long.Parse(fields[3], CultureInfo.InvariantCulture), TimeSpan.Zero), fields[4] == "-" ? null : fields[4]);
    }
}
