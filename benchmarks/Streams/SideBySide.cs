using System.Diagnostics;

namespace Conductor.Bench.Streams;

/// <summary>The same work through the port and through the client that it stands on.</summary>
internal interface ISides : IAsyncDisposable
{
    /// <summary>Makes a topic of one partition for both.</summary>
    Task MakeTopicAsync(string topic);

    /// <summary>Produces for so many seconds and waits for the confirms; how many records.</summary>
    Task<int> ProduceAsync(bool isBare, string topic, byte[] value, double seconds);

    /// <summary>Reads so many records from the beginning.</summary>
    Task ConsumeAsync(bool isBare, string topic, int count);
}

/// <summary>Alternates between the two sides, and compares the medians.</summary>
internal static class SideBySide
{
    private static readonly int[] Sizes = [1_000, 76_000];

    public static async Task RunAsync(string broker, ISides sides, double seconds, int rounds)
    {
        foreach (var size in Sizes)
        {
            var value = new byte[size];
            // As alerts are: half of it does not compress.
            new Random(3).NextBytes(value.AsSpan(size / 2));
            var produced = new Side();
            var consumed = new Side();
            for (var round = 0; round <= rounds; round++)
            {
                foreach (var isBare in round % 2 == 0 ? new[] { true, false } : [false, true])
                {
                    var topic = $"t{Guid.NewGuid():N}";
                    await sides.MakeTopicAsync(topic);
                    var count = 0;
                    var produce = await MeasureAsync(async () => count = await sides.ProduceAsync(isBare, topic, value, seconds));
                    var consume = await MeasureAsync(() => sides.ConsumeAsync(isBare, topic, count));
                    // The first round warms up.
                    if (round == 0) continue;
                    produced.Add(isBare, produce, count);
                    consumed.Add(isBare, consume, count);
                }
            }
            Console.WriteLine($"  {broker,-9} produce {size,6} B  {produced}");
            Console.WriteLine($"  {broker,-9} consume {size,6} B  {consumed}");
        }
    }

    private static async Task<(double Seconds, double Processor)> MeasureAsync(Func<Task> act)
    {
        var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await act();
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - used).TotalMicroseconds);
    }

    private sealed class Side
    {
        private readonly List<(double Rate, double Cost)> _port = [];
        private readonly List<(double Rate, double Cost)> _bare = [];

        public void Add(bool isBare, (double Seconds, double Processor) measured, int count) =>
            (isBare ? _bare : _port).Add((count / measured.Seconds, measured.Processor / count));

        public override string ToString()
        {
            var (port, bare) = (Median(_port, m => m.Rate), Median(_bare, m => m.Rate));
            return $"{port,9:N0} / {bare,9:N0} = {port / bare:F2}   {Median(_port, m => m.Cost),6:F1} / {Median(_bare, m => m.Cost),6:F1} µs";
        }

        private static double Median(List<(double Rate, double Cost)> measured, Func<(double Rate, double Cost), double> what) =>
            measured.Select(what).Order().ElementAt(measured.Count / 2);
    }
}
