using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Conductor.RabbitMqStreams.Topics;

/// <summary>
/// How many records wait behind an offset: the first offset and the number of offsets that the broker tells. The first, which has to be read, is read
/// again only where the number has changed, and at most once a minute, since only retention moves it.
/// </summary>
internal sealed class PartitionLag(PartitionProbe probe, PartitionSpans spans, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(string Topic, int Partition), Beginning> _beginnings = new();

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Beginning(long First, long Span, long At);

    public async Task<long> BehindAsync(string topic, int partition, long next, CancellationToken cancellationToken)
    {
        var span = await spans.OfAsync(topic, partition, cancellationToken);
        if (span == 0) return 0;
        if (!_beginnings.TryGetValue((topic, partition), out var known) || (known.Span != span && time.GetElapsedTime(known.At) > Freshness))
        {
            var first = await probe.FirstAsync(topic, partition, cancellationToken) ?? 0;
            _beginnings[(topic, partition)] = known = new(first, span, time.GetTimestamp());
        }
        return Math.Max(0, known.First + span - Math.Max(next, known.First));
    }

    /// <summary>A topic that was deleted may come again with other offsets.</summary>
    public void Forget(string topic)
    {
        foreach (var key in _beginnings.Keys.Where(k => k.Topic == topic)) _beginnings.TryRemove(key, out _);
    }
}
