namespace Conductor.Domain.Recoverability.Failures;

/// <summary>Where a failure comes from.</summary>
public enum FailureSource
{
    /// <summary>An error queue: a consumer threw.</summary>
    Fault,
    /// <summary>A skipped queue: nobody on the endpoint consumes the type.</summary>
    Skipped,
    /// <summary>A dead-letter exchange of the broker's: expired, refused, or too often delivered.</summary>
    DeadLettered,
}

/// <summary>What a dead letter says of itself, in the same words wherever it comes from.</summary>
public sealed record FailedMessage
{
    /// <summary>The same for every failure of one message at one endpoint: an event can fail at several.</summary>
    public required Guid Id { get; init; }
    /// <summary>Where it comes from.</summary>
    public required FailureSource Source { get; init; }
    /// <summary>The queue in which it belongs, and to which it goes when it is tried again.</summary>
    public required string Endpoint { get; init; }
    /// <summary>The message's type, without namespace where the broker told none; empty when nobody knows.</summary>
    public required string MessageType { get; init; }
    /// <summary>Full name of the exception's type, or the broker's reason.</summary>
    public required string ExceptionType { get; init; }
    /// <summary>What the exception said.</summary>
    public required string Message { get; init; }
    /// <summary>Where it was thrown; empty where nobody told.</summary>
    public required string StackTrace { get; init; }
    /// <summary>The consumer's type, or empty.</summary>
    public required string Consumer { get; init; }
    /// <summary>When it failed; the time at which it was taken in, where nobody told.</summary>
    public required DateTimeOffset FailedAt { get; init; }
    /// <summary>Whether the letter told the time of its failure, so that one that comes twice is known by it.</summary>
    public required bool IsTimeKnown { get; init; }
    /// <summary>How often it was tried, for all that is known.</summary>
    public required int Attempts { get; init; }
    /// <summary>What it was taken from.</summary>
    public required DeadLetter Letter { get; init; }
}
