using System.Runtime.InteropServices;
using Conductor.Domain.Streams.Brokers;

namespace Conductor.Pipelines.Topics;

/// <summary>
/// What topics hold and how far their groups are. Some brokers find that out by reading, so that a measurement serves all who ask within
/// <see cref="Freshness"/>, and says how old it is.
/// </summary>
internal sealed class TopicMeasurements(TimeProvider time)
{
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(3);
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Broker, string Topic), Begun> _latest = [];

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Begun(Task<TopicMeasurement> Measuring, long At);

    /// <summary>A measurement that is not older than <see cref="Freshness"/>.</summary>
    /// <exception cref="UnknownTopicException">There is no such topic.</exception>
    /// <exception cref="StreamUnavailableException">The broker is away, or does not answer.</exception>
    public Task<TopicMeasurement> GetAsync(IStreamBroker broker, string topic, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var old in _latest.Where(known => IsOver(known.Value)).Select(known => known.Key).ToList()) _latest.Remove(old);
            if (!_latest.TryGetValue((broker.Name, topic), out var begun))
            {
                // Whoever asked first may go: the others wait on.
                begun = new(broker.AskAsync(stop => MeasureAsync(broker, topic, stop), CancellationToken.None), time.GetTimestamp());
                _latest[(broker.Name, topic)] = begun;
            }
            return begun.Measuring.WaitAsync(cancellationToken);
        }
    }

    private bool IsOver(Begun begun) =>
        begun.Measuring.IsCompleted && (!begun.Measuring.IsCompletedSuccessfully || time.GetElapsedTime(begun.At) > Freshness);

    private async Task<TopicMeasurement> MeasureAsync(IStreamBroker broker, string topic, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var ranges = broker.RangesAsync(topic, cancellationToken);
        var groups = await broker.GroupsAsync(topic, cancellationToken);
        var positions = await Task.WhenAll(groups.Select(group => broker.PositionsAsync(topic, group.Name, cancellationToken)));
        return new(at, await ranges, [.. groups.Zip(positions, (group, position) => new MeasuredGroup(group.Name, group.Members, position))]);
    }
}

/// <summary>A topic at a time.</summary>
internal sealed record TopicMeasurement(DateTimeOffset At, IReadOnlyList<PartitionRange> Ranges, IReadOnlyList<MeasuredGroup> Groups);

/// <summary>A group at a time.</summary>
internal sealed record MeasuredGroup(string Name, int Members, IReadOnlyList<GroupPosition> Positions);
