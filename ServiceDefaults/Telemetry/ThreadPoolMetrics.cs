using System.Diagnostics.Metrics;

namespace Conductor.ServiceDefaults.Telemetry;

/// <summary>What goes up and down in the thread pool, by the names of OpenTelemetry's conventions: the runtime's own instruments call both counters.</summary>
internal static class ThreadPoolMetrics
{
    private static readonly Meter Meter = Create();

    public static string MeterName => Meter.Name;

    private static Meter Create()
    {
        var meter = new Meter("Conductor.Runtime");
        meter.CreateObservableUpDownCounter("dotnet.thread_pool.thread.count", () => (long)ThreadPool.ThreadCount, "{thread}", "Threads of the pool");
        meter.CreateObservableUpDownCounter(
            "dotnet.thread_pool.queue.length", () => ThreadPool.PendingWorkItemCount, "{work_item}", "Work that waits for a thread");
        return meter;
    }
}
