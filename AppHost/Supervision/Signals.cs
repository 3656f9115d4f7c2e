using System.Runtime.InteropServices;

namespace Conductor.AppHost.Supervision;

/// <summary>A signal, by its number on Linux.</summary>
internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}

/// <summary>kill(2).</summary>
internal static class Signals
{
    /// <summary>Sends a signal to a process, or to all of a session's first group with a negative id. False when there is none.</summary>
    public static bool Send(int processId, Signal signal) => Kill(processId, (int)signal) == 0;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
