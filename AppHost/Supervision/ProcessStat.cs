using System.Globalization;

namespace Conductor.AppHost.Supervision;

/// <summary>What /proc/PID/stat says of a process (proc(5)): the id alone may have been given to another one since.</summary>
/// <param name="Id">Field 1.</param>
/// <param name="State">Field 3; Z is a process that has ended.</param>
/// <param name="Parent">Field 4.</param>
/// <param name="StartTime">Field 22, in clock ticks since the machine started.</param>
internal sealed record ProcessStat(int Id, char State, int Parent, ulong StartTime)
{
    public static ProcessStat? Read(int id)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{id}/stat"));
        }
        catch (IOException)
        {
            return null; // It has ended.
        }
    }

    public static IReadOnlyList<ProcessStat> All() => [.. Directory.EnumerateDirectories("/proc")
        .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
        .OfType<ProcessStat>()];

    /// <summary>Whether this very process still runs.</summary>
    public bool Lives() => Read(Id) is { } now && now.StartTime == StartTime && now.State != 'Z';

    /// <summary>The program and its arguments; nothing for one that has ended.</summary>
    public string CommandLine()
    {
        try
        {
            return File.ReadAllText($"/proc/{Id}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    public static ProcessStat Parse(string line)
    {
        // The name (field 2) may hold blanks and parentheses; the last one closes it.
        var open = line.IndexOf('(', StringComparison.Ordinal);
        var (number, rest) = (CultureInfo.InvariantCulture, line[(line.LastIndexOf(')') + 2)..].Split(' '));
        return new(int.Parse(line[..(open - 1)], number), rest[0][0], int.Parse(rest[1], number), ulong.Parse(rest[19], number));
    }
}
