using System.Globalization;
using System.Runtime.InteropServices;

namespace Conductor.Engines;

/// <summary>Signals to processes that .NET cannot send.</summary>
public static class ProcessTree
{
    private const int Continue = 18;
    private const int Stop = 19;
    private const int Terminate = 15;

    /// <summary>Stops a process and all below it where they are (SIGSTOP): to its clients, a server that is there and says nothing.</summary>
    public static void Freeze(int root) => Signal(root, Stop);

    /// <summary>Lets frozen processes go on.</summary>
    public static void Thaw(int root) => Signal(root, Continue);

    /// <summary>Asks one process to end (SIGTERM).</summary>
    public static void End(int id) => Kill(id, Terminate);

    private static void Signal(int root, int signal)
    {
        var parents = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).ToDictionary(id => id, ParentOf);
        foreach (var id in parents.Keys.Where(id => IsBeneath(id, root, parents))) Kill(id, signal);
    }

    private static bool IsBeneath(int id, int root, Dictionary<int, int> parents)
    {
        while (id != root)
        {
            if (!parents.TryGetValue(id, out id)) return false;
        }
        return true;
    }

    private static int ParentOf(int id)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;   // It has ended meanwhile.
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
