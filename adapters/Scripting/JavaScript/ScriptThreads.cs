using Wasmtime;

namespace Conductor.Scripting.JavaScript;

/// <summary>Work in a guest and whoever waits for its result.</summary>
internal sealed record ScriptJob(Func<Guest, object> Work, TaskCompletionSource<object> Done);

/// <summary>
/// Scripts run on threads of their own: their stacks are known to be deep enough, and endless scripts take nobody else's threads. Each
/// thread keeps a guest, whose memory is put back after each job; one that trapped or grew is thrown away.
/// </summary>
internal sealed class ScriptThreads : IDisposable
{
    private const int StackBytes = 2 << 20;

    private readonly FairQueue<ScriptJob> _queue;
    private readonly ScriptLimits _limits;
    private readonly Lazy<ScriptSandbox> _sandbox;
    private readonly Thread[] _threads;

    public ScriptThreads(ScriptLimits limits, TimeProvider time)
    {
        _limits = limits;
        _queue = new(Math.Max(1, limits.Threads - 1));
        _sandbox = new(() => new(limits, time));
        _threads = [.. Enumerable.Range(0, limits.Threads).Select(i => new Thread(Serve, StackBytes) { IsBackground = true, Name = $"script {i}" })];
        foreach (var thread in _threads) thread.Start();
    }

    /// <exception cref="ScriptException">The script gave no result.</exception>
    public async Task<T> RunAsync<T>(string owner, Func<Guest, T> work) where T : notnull
    {
        var job = new ScriptJob(guest => work(guest), new(TaskCreationOptions.RunContinuationsAsynchronously));
        ObjectDisposedException.ThrowIf(!_queue.TryAdd(owner, job), this);
        return (T)await job.Done.Task;
    }

    /// <summary>Returns when the scripts that run have ended; those that wait are cancelled.</summary>
    public void Dispose()
    {
        foreach (var waiting in _queue.Close()) waiting.Done.TrySetCanceled();
        foreach (var thread in _threads) thread.Join();
        if (_sandbox.IsValueCreated) _sandbox.Value.Dispose();
    }

    private void Serve()
    {
        Guest? guest = null;
        while (_queue.Take() is { } taken)
        {
            if (!TryRun(ref guest, taken.Job))
            {
                guest?.Dispose();
                guest = null;
            }
            _queue.Done(taken);
        }
        guest?.Dispose();
    }

    /// <summary>False when the guest can do no more. Nothing may end the thread: whoever waits gets what was thrown.</summary>
    private bool TryRun(ref Guest? guest, ScriptJob job)
    {
        try
        {
            guest ??= _sandbox.Value.NewGuest();
            _sandbox.Value.Allow(guest);
            job.Done.SetResult(job.Work(guest));
        }
        catch (ScriptException refused)
        {
            job.Done.SetException(refused);
        }
        catch (Exception e)
        {
            job.Done.SetException(e is WasmtimeException trap ? ScriptException.Stopped(trap, _limits) : e);
            return false;
        }
        return guest is not null && _sandbox.Value.Reset(guest);
    }
}
