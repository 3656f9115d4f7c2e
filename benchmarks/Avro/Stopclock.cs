using System.Diagnostics;

namespace Conductor.Bench.Avro;

/// <summary>Processor time of one thread (a busy machine does not count), best of several rounds after one for warming up; allocations of the last.</summary>
internal sealed class Stopclock(double seconds)
{
    private const int Rounds = 12;

    public void Measure(string name, int items, Action pass)
    {
        var best = double.MaxValue;
        double allocated = 0;
        for (var round = 0; round <= Rounds; round++)
        {
            var (elapsed, bytes) = Time(items, pass);
            if (round > 0) best = Math.Min(best, elapsed);
            allocated = bytes;
        }

        Console.WriteLine($"  {name,-62} {1e9 / best,12:N0}/s {best,10:N0} ns {allocated,10:N0} B");
    }

    private (double Nanoseconds, double Bytes) Time(int items, Action pass)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        var used = Environment.CpuUsage.TotalTime;
        long count = 0;
        do
        {
            pass();
            count += items;
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);

        return ((Environment.CpuUsage.TotalTime - used).TotalNanoseconds / count, (double)(GC.GetAllocatedBytesForCurrentThread() - before) / count);
    }
}
