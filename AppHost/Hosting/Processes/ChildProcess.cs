using System.Diagnostics;
using Conductor.Hosting.Launching;
using Conductor.Hosting.Logs;

namespace Conductor.Hosting.Processes;

/// <summary>
/// A process that this one started, in a session of its own: a Ctrl-C at the terminal reaches only this process, which then stops its
/// children in order, and a signal to the session's group reaches the child with all that it started.
/// </summary>
internal sealed class ChildProcess : IInstance
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly Process _process;
    private readonly ProcessRecord _record;
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process, ProcessRecord record) => (_process, _record) = (process, record);

    public IReadOnlyCollection<int> ProcessIds => Exit.IsCompleted ? [] : [_process.Id];

    public Task<int> Exit => _exit.Task;

    public static ChildProcess Start(ProcessStartInfo start, string name, ResourceLog log, ProcessRecord record)
    {
        var process = new Process { StartInfo = InSession(start), EnableRaisingEvents = true };
        var child = new ChildProcess(process, record);
        process.OutputDataReceived += (_, e) => { if (e.Data is not null) log.Write(LogStream.Output, e.Data); };
        process.ErrorDataReceived += (_, e) => { if (e.Data is not null) log.Write(LogStream.Error, e.Data); };
        process.Exited += (_, _) => child.Ended();
        process.Start();
        record.Add(process.Id, Signal.Terminate, name);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    public async Task StopAsync(TimeSpan grace, TimeProvider time)
    {
        // The group outlives the process where that left children behind.
        var group = -_process.Id;
        var deadline = time.GetUtcNow() + grace;
        while (Signals.Send(group, Signal.Terminate) && Lives() && time.GetUtcNow() < deadline)
        {
            await Task.WhenAny(Exit.IsCompleted ? Task.Delay(Pause, time) : Exit, Task.Delay(deadline - time.GetUtcNow(), time));
        }
        Signals.Send(group, Signal.Kill);
        await Exit;
    }

    public ValueTask DisposeAsync()
    {
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ProcessStartInfo InSession(ProcessStartInfo start)
    {
        start.ArgumentList.Insert(0, start.FileName);
        start.FileName = "setsid";
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return start;
    }

    /// <summary>Whether the process, or one that it left behind, still runs. (The group also holds those that ended and wait to be reaped.)</summary>
    private bool Lives() => !Exit.IsCompleted || ProcessStat.All().Any(p => p.Session == _process.Id && p.State != 'Z');

    private void Ended()
    {
        _record.Remove(_process.Id);
        _exit.TrySetResult(_process.ExitCode);
    }
}
