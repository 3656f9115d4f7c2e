using Conductor.Domain.Recoverability.Retrying;
using Conductor.Postgres.Recoverability;

namespace Conductor.Operations.Api;

/// <summary>Asks for a retry of all open failures that match, or of those named.</summary>
public sealed record RetryOrder
{
    /// <summary>These failures; null for all that match.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }
    /// <summary>In this group.</summary>
    public Guid? Group { get; init; }
    /// <summary>With these words.</summary>
    public string? Q { get; init; }
    /// <summary>Failed last at this time or later.</summary>
    public DateTimeOffset? From { get; init; }
    /// <summary>Failed last before this time.</summary>
    public DateTimeOffset? To { get; init; }
    /// <summary>What changed later is left alone; now by default. Whoever shows a count takes the time at which it was counted.</summary>
    public DateTimeOffset? CutOff { get; init; }
    /// <summary>So many go first, and the rest once it is known what became of them. 0 by default: all at once.</summary>
    public int First { get; init; }
    /// <summary>Messages a second at most; 100 by default.</summary>
    public int PerSecond { get; init; } = 100;
    /// <summary>It stops by itself once a larger share of them has failed again; 0.5 by default.</summary>
    public double StopShare { get; init; } = 0.5;
    /// <summary>Why, for those who look later.</summary>
    public string? Reason { get; init; }

    internal string Scope => Ids is not null ? $"{Ids.Count} messages" : string.Join(", ", new[]
    {
        Group is { } group ? $"group {group}" : null, string.IsNullOrWhiteSpace(Q) ? null : $"'{Q}'", From is { } from ? $"from {from:u}" : null,
        To is { } to ? $"to {to:u}" : null,
    }.OfType<string>().DefaultIfEmpty("all open messages"));
}

/// <summary>A retry.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Trying, Dispatching, Confirming, Paused, Stopped, Cancelled or Done.</param>
/// <param name="Scope">What it takes.</param>
/// <param name="Plan">How it is to go.</param>
/// <param name="Progress">What has become of its messages. A message that was dispatched has not succeeded: only what is confirmed has.</param>
/// <param name="Why">Why it stopped or was cancelled.</param>
/// <param name="Reason">Why it was asked for.</param>
/// <param name="RequestedAt">When.</param>
/// <param name="FinishedAt">When it was over.</param>
public sealed record RetryView(Guid Id, RetryStatus Status, string Scope, RetryPlan Plan, RetryProgress Progress, string? Why, string? Reason,
    DateTimeOffset RequestedAt, DateTimeOffset? FinishedAt)
{
    internal static RetryView Of(StoredRetry retry) => new(
        Id: retry.Id, Status: retry.State.Status, Scope: retry.Request.Scope, Plan: retry.State.Plan!, Progress: retry.Progress, Why: retry.State.Reason,
        Reason: retry.Request.Reason, RequestedAt: retry.RequestedAt, FinishedAt: retry.FinishedAt);
}
