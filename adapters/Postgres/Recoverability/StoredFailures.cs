using Conductor.Domain.Recoverability.Failures;
using Conductor.Domain.Recoverability.Grouping;

namespace Conductor.Postgres.Recoverability;

/// <summary>How many messages of a group are in which state.</summary>
/// <param name="Open">Nothing was done with them.</param>
/// <param name="Retrying">Under retry.</param>
/// <param name="Resolved">Done with.</param>
/// <param name="Archived">Put away.</param>
public sealed record FailureCounts(long Open, long Retrying, long Resolved, long Archived);

/// <summary>A group of failures as it is stored.</summary>
/// <param name="Id">Its id (<see cref="FailureGroup"/>).</param>
/// <param name="Grouper">Its kind.</param>
/// <param name="Title">What its messages have in common.</param>
/// <param name="Counts">How many messages it has.</param>
/// <param name="FirstFailedAt">The first failure of any message that was ever in it.</param>
/// <param name="LastFailedAt">The last one.</param>
/// <param name="Note">What somebody wrote about it.</param>
/// <param name="Assignee">Who looks after it.</param>
public sealed record StoredGroup(Guid Id, Grouper Grouper, string Title, FailureCounts Counts, DateTimeOffset FirstFailedAt, DateTimeOffset LastFailedAt,
    string? Note, string? Assignee);

/// <summary>A failure as lists show it.</summary>
public sealed record FailureSummary
{
    /// <summary>The message's id here (<see cref="FailedMessage.Id"/>).</summary>
    public required Guid Id { get; init; }
    /// <summary>What has become of it.</summary>
    public required FailureState State { get; init; }
    /// <summary>Where it comes from.</summary>
    public required FailureSource Source { get; init; }
    /// <summary>The queue in which it belongs.</summary>
    public required string Endpoint { get; init; }
    /// <summary>Its type, or empty.</summary>
    public required string MessageType { get; init; }
    /// <summary>What it failed with.</summary>
    public required string ExceptionType { get; init; }
    /// <summary>What that said.</summary>
    public required string Message { get; init; }
    /// <summary>How often it was tried before it failed for the last time.</summary>
    public required int Attempts { get; init; }
    /// <summary>How often it has come as a dead letter.</summary>
    public required int Failures { get; init; }
    /// <summary>When for the first time.</summary>
    public required DateTimeOffset FirstFailedAt { get; init; }
    /// <summary>When for the last.</summary>
    public required DateTimeOffset LastFailedAt { get; init; }
}

/// <summary>A failure with all that came with it.</summary>
/// <param name="Summary">What lists show.</param>
/// <param name="StackTrace">Where it was thrown, or empty.</param>
/// <param name="Consumer">The consumer's type, or empty.</param>
/// <param name="Letter">The last dead letter.</param>
public sealed record StoredFailure(FailureSummary Summary, string StackTrace, string Consumer, DeadLetter Letter);
