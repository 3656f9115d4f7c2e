using Conductor.AppHost.Composition;

namespace Conductor.AppHost.Supervision;

/// <summary>
/// The file in which a run notes the processes that it started, so that <c>./run</c> can end what is left of one that was killed. First
/// line: the id of the machine's boot, for process ids mean nothing after a restart of the machine. Then <c>id start-time name</c> per line.
/// </summary>
internal sealed class ProcessRecord(DataFolder data)
{
    private static readonly string Boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
    private readonly Lock _lock = new();
    private readonly List<(int Id, ulong StartTime, string Name)> _processes = [];

    public void Add(int id, string name)
    {
        if (ProcessStat.Read(id) is not { } stat) return;
        lock (_lock)
        {
            _processes.Add((id, stat.StartTime, name));
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

    private void Write()
    {
        File.WriteAllLines(data.Processes + ".new", [Boot, .. _processes.Select(p => $"{p.Id} {p.StartTime} {p.Name}")]);
        File.Move(data.Processes + ".new", data.Processes, overwrite: true);
    }
}
