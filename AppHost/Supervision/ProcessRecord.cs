using System.Globalization;

namespace Conductor.AppHost.Supervision;

/// <summary>One process that a run started.</summary>
/// <param name="Id">Its id.</param>
/// <param name="StartTime">Its start time (see <see cref="ProcessStat"/>).</param>
/// <param name="Stop">The signal that stops it gracefully.</param>
/// <param name="Name">Name of its resource, for people.</param>
internal sealed record RecordedProcess(int Id, ulong StartTime, Signal Stop, string Name);

/// <summary>
/// The file in which a run notes the processes that it started, so that the next one can end what is left of them. First line: the id
/// of the machine's boot, for process ids mean nothing after a restart of the machine. Then <c>id start-time signal name</c> per line.
/// </summary>
internal sealed class ProcessRecord(string file)
{
    private static readonly string Boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
    private readonly Lock _lock = new();
    private readonly List<RecordedProcess> _processes = [];

    public void Add(int id, Signal stop, string name)
    {
        if (ProcessStat.Read(id) is not { } stat) return;
        lock (_lock)
        {
            _processes.Add(new(id, stat.StartTime, stop, name));
            Write();
        }
    }

    public void Remove(int id)
    {
        lock (_lock)
        {
            if (_processes.RemoveAll(p => p.Id == id) > 0) Write();
        }
    }

    /// <summary>What an earlier run noted, unless the machine was restarted since.</summary>
    public IReadOnlyList<RecordedProcess> Read()
    {
        if (!File.Exists(file)) return [];
        var lines = File.ReadAllLines(file);
        return lines.Length == 0 || lines[0] != Boot ? [] : [.. lines.Skip(1).Select(Parse)];
    }

    public void Delete() => File.Delete(file);

    private static RecordedProcess Parse(string line)
    {
        var fields = line.Split(' ', 4);
        return new(int.Parse(fields[0], CultureInfo.InvariantCulture), ulong.Parse(fields[1], CultureInfo.InvariantCulture), Enum.Parse<Signal>(fields[2]), fields[3]);
    }

    private void Write()
    {
        File.WriteAllLines(file + ".new", [Boot, .. _processes.Select(p => $"{p.Id} {p.StartTime} {p.Stop} {p.Name}")]);
        File.Move(file + ".new", file, overwrite: true);
    }
}
