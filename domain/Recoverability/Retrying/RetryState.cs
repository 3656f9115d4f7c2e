namespace Conductor.Domain.Recoverability.Retrying;

/// <summary>Where a retry is.</summary>
public enum RetryStatus
{
    /// <summary>Not asked for yet.</summary>
    None,
    /// <summary>Sends its first messages, or waits to hear of them.</summary>
    Trying,
    /// <summary>Sends the rest.</summary>
    Dispatching,
    /// <summary>Has sent all, and waits to hear of them.</summary>
    Confirming,
    /// <summary>Somebody holds it up.</summary>
    Paused,
    /// <summary>Too many failed again: somebody has to decide.</summary>
    Stopped,
    /// <summary>Nothing more will be sent.</summary>
    Cancelled,
    /// <summary>All is sent, and all is known that will be.</summary>
    Done,
}

/// <summary>A retry of many messages.</summary>
/// <param name="Status">Where it is.</param>
/// <param name="Plan">How it is to go.</param>
/// <param name="HasTried">The first messages have been judged.</param>
/// <param name="IsForced">It goes on although many fail again: somebody has said so.</param>
/// <param name="Reason">Why it stopped or was cancelled.</param>
public sealed record RetryState(RetryStatus Status, RetryPlan? Plan, bool HasTried, bool IsForced, string? Reason)
{
    /// <summary>Before it was asked for.</summary>
    public static RetryState Initial { get; } = new(RetryStatus.None, Plan: null, HasTried: false, IsForced: false, Reason: null);

    /// <summary>Whether it goes on by itself.</summary>
    public bool IsUnderWay => Status is RetryStatus.Trying or RetryStatus.Dispatching or RetryStatus.Confirming;

    /// <summary>How many more messages may be sent now, the rate apart.</summary>
    public int Room(RetryProgress progress) => Plan is null || Status is not (RetryStatus.Trying or RetryStatus.Dispatching) ? 0
        : Math.Max(0, (Status == RetryStatus.Trying ? Math.Min(Plan.First, Plan.Total) : Plan.Total) - progress.Dispatched - progress.Skipped);
}
