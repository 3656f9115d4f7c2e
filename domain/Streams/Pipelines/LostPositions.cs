using Conductor.Domain.Streams.Brokers;

namespace Conductor.Domain.Streams.Pipelines;

/// <summary>What a node does when its source does not hold the position any more at which it was to go on.</summary>
public enum LostPositionPolicy
{
    /// <summary>Goes on with the oldest record that is kept.</summary>
    Earliest,
    /// <summary>Goes on behind the newest record.</summary>
    Latest,
    /// <summary>Fails the run with the reason; somebody is to decide.</summary>
    Stop,
}

/// <summary>Applies <see cref="LostPositionPolicy"/>.</summary>
public static class LostPositions
{
    /// <summary>Where reading goes on; null when it is not to go on.</summary>
    public static long? NextOf(LostPositionException lost, LostPositionPolicy policy) => policy switch
    {
        LostPositionPolicy.Earliest => lost.Held.First,
        LostPositionPolicy.Latest => lost.Held.Next,
        LostPositionPolicy.Stop => null,
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "unknown policy"),
    };
}
