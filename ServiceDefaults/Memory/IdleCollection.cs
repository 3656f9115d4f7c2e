using Microsoft.Extensions.Hosting;

namespace Conductor.ServiceDefaults.Memory;

/// <summary>
/// Gives memory back to the system when a burst of work is over. A process that allocates little collects seldom, so that it would keep for
/// hours what the burst needed, while many processes share one machine. Twice: .NET's shared pools let go of a buffer only when a second collection,
/// half a minute later, finds it unused. Under steady work it does nothing.
/// </summary>
internal sealed class IdleCollection(Func<long> allocated, Action collect, TimeProvider time) : BackgroundService
{
    /// <summary>Longer than the 30 s that the pools keep an unused buffer.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(32);

    /// <summary>Bytes allocated within <see cref="Every"/> from which on the process counts as busy.</summary>
    private const long Busy = 16 * 1024 * 1024;

    private const int Twice = 2;
    private long _before;
    private int _due;

    /// <summary>With the process's own memory.</summary>
    public static IdleCollection OfProcess(TimeProvider time) => new(() => GC.GetTotalAllocatedBytes(),
        () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true), time);

    /// <summary>One look, of those that come <see cref="Every"/> so often.</summary>
    internal void Look()
    {
        var now = allocated();
        if (now - _before >= Busy)
        {
            _due = Twice;
        }
        else if (_due > 0)
        {
            _due--;
            collect();
        }
        _before = now;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) Look();
    }
}
