using Conductor.AppHost.Composition;

namespace Conductor.AppHost.Supervision;

/// <summary>
/// The file in which a run notes the processes that it started, so that <c>./run</c> can end what is left of one that was killed. First
/// line: the id of the machine's boot, for process ids mean nothing after a restart of the machine. Then <c>id start-time name</c> per line.
/// </summary>
internal sealed class ProcessRecord(DataFolder data, TimeProvider time)
{
    private static readonly string Boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
    private readonly Lock _lock = new();
    private readonly List<(int Id, ulong StartTime, string Name)> _processes = [];
    private ITimer? _again;

    public void Add(int id, string name)
    {
        if (ProcessStat.Read(id) is { } stat) Write(() => _processes.Add((id, stat.StartTime, name)));
    }

    public void Remove(int id) => Write(() => _processes.RemoveAll(p => p.Id == id));

    private void Write(Action? change = null)
    {
        lock (_lock)
        {
            change?.Invoke();
            _again?.Dispose();
            try
            {
                File.WriteAllLines(data.Processes + ".new", [Boot, .. _processes.Select(p => $"{p.Id} {p.StartTime} {p.Name}")]);
                File.Move(data.Processes + ".new", data.Processes, overwrite: true);
            }
            catch (IOException)
            {
                // A full disk: the file is behind until there is space again.
                _again = time.CreateTimer(_ => Write(), state: null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
            }
        }
    }
}
