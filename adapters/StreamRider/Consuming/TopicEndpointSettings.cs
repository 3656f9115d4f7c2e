using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;

namespace Conductor.StreamRider.Consuming;

/// <summary>How an endpoint reads its topic.</summary>
internal sealed record TopicEndpointSettings(ConsumedTopic Source)
{
    /// <summary>The topic as it is to be made where it does not exist.</summary>
    public TopicSpecification? Create { get; init; }

    /// <summary>The member's name over its restarts.</summary>
    public string? Instance { get; init; }

    /// <summary>Where a group begins that has no position.</summary>
    public StreamPosition Start { get; init; } = new StreamPosition.Beginning();

    /// <summary>Where a group goes on whose position the topic does not hold any more.</summary>
    public LostPositionPolicy OnLostPosition { get; init; }

    /// <summary>How many records of a partition are consumed at a time, of different keys.</summary>
    public int Parallelism { get; init; } = 1;

    /// <summary>How many records of a partition are in memory.</summary>
    public int Prefetch { get; init; }

    /// <summary>How many records of a partition may be between the first that is not done and the last that was begun.</summary>
    public int Window { get; init; }

    /// <summary>How often the position is stored.</summary>
    public TimeSpan CheckpointInterval { get; init; }

    /// <summary>After how many records the position is stored before that.</summary>
    public int CheckpointCount { get; init; }
}
