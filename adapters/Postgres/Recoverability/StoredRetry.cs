using Conductor.Domain.Recoverability.Retrying;

namespace Conductor.Postgres.Recoverability;

/// <summary>What has become of one message of a retry.</summary>
public enum RetryOutcome
{
    /// <summary>Not sent yet.</summary>
    Waiting,
    /// <summary>Sent; its consumer has not been heard of.</summary>
    Dispatched,
    /// <summary>Consumed.</summary>
    Confirmed,
    /// <summary>Back as a dead letter.</summary>
    FailedAgain,
    /// <summary>Not sent; the detail says why.</summary>
    Skipped,
}

/// <summary>Who asks for a retry, and of what.</summary>
/// <param name="Filter">Which messages; only open ones are taken.</param>
/// <param name="Messages">These of them, or null for all.</param>
/// <param name="CutOff">Messages that changed later are left alone, so that it takes what was counted before somebody agreed.</param>
/// <param name="Scope">What it takes, for people.</param>
/// <param name="RequestedBy">Who asks.</param>
/// <param name="Reason">Why, if they said.</param>
public sealed record RetryRequest(
    FailureFilter Filter, IReadOnlyCollection<Guid>? Messages, DateTimeOffset CutOff, string Scope, string RequestedBy, string? Reason);

/// <summary>A retry as it is stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">Where it is.</param>
/// <param name="Progress">What has become of its messages.</param>
/// <param name="Request">Who asked, and of what; without the messages.</param>
/// <param name="RequestedAt">When.</param>
/// <param name="LastDispatchedAt">When its last message was sent; null before the first.</param>
/// <param name="FinishedAt">When nothing more was to happen; null before.</param>
public sealed record StoredRetry(Guid Id, RetryState State, RetryProgress Progress, RetryRequest Request, DateTimeOffset RequestedAt,
    DateTimeOffset? LastDispatchedAt, DateTimeOffset? FinishedAt);
