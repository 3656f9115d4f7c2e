using System.Globalization;

namespace Conductor.Domain.Recoverability.Retrying;

/// <summary>Decides how a retry of many messages goes on.</summary>
public static class RetryDecider
{
    /// <summary>What follows from a command; nothing where it changes nothing.</summary>
    /// <exception cref="RetryRefusedException">It cannot be done in this state.</exception>
    public static IReadOnlyList<RetryEvent> Decide(RetryState state, RetryCommand command) => command switch
    {
        RetryCommand.Begin begin => Begin(state, begin.Plan),
        RetryCommand.Pause when state.IsUnderWay => [new RetryEvent.Paused()],
        RetryCommand.Resume when state.Status is RetryStatus.Paused or RetryStatus.Stopped =>
            [new RetryEvent.Resumed(state.IsForced || state.Status == RetryStatus.Stopped)],
        RetryCommand.Cancel cancel when state.IsUnderWay || state.Status is RetryStatus.Paused or RetryStatus.Stopped =>
            [new RetryEvent.Cancelled(cancel.Reason)],
        RetryCommand.Review review => state.IsUnderWay ? Review(state, review) : [],
        _ => throw new RetryRefusedException($"a retry that is {state.Status} cannot be asked to {command.GetType().Name}"),
    };

    /// <summary>The state after an event.</summary>
    public static RetryState Evolve(RetryState state, RetryEvent happened) => happened switch
    {
        RetryEvent.Begun begun => state with
        {
            Plan = begun.Plan, Status = begun.Plan.First > 0 ? RetryStatus.Trying : RetryStatus.Dispatching, HasTried = begun.Plan.First == 0,
        },
        RetryEvent.Tried => state with { Status = RetryStatus.Dispatching, HasTried = true },
        RetryEvent.AllDispatched => state with { Status = RetryStatus.Confirming },
        RetryEvent.Paused => state with { Status = RetryStatus.Paused },
        RetryEvent.Resumed resumed => state with
        {
            Status = state.HasTried || resumed.IsForced ? RetryStatus.Dispatching : RetryStatus.Trying,
            HasTried = state.HasTried || resumed.IsForced, IsForced = resumed.IsForced, Reason = null,
        },
        RetryEvent.Stopped stopped => state with { Status = RetryStatus.Stopped, Reason = stopped.Reason },
        RetryEvent.Cancelled cancelled => state with { Status = RetryStatus.Cancelled, Reason = cancelled.Reason },
        RetryEvent.Finished => state with { Status = RetryStatus.Done },
        _ => throw new InvalidOperationException($"unknown event {happened.GetType().Name}"),
    };

    private static List<RetryEvent> Begin(RetryState state, RetryPlan plan) => state.Status != RetryStatus.None
        ? throw new RetryRefusedException("it has begun already")
        : plan.Refusal is { } refusal ? throw new RetryRefusedException(refusal) : [new RetryEvent.Begun(plan)];

    private static List<RetryEvent> Review(RetryState state, RetryCommand.Review review)
    {
        var (plan, progress) = (state.Plan!, review.Progress);
        if (!state.IsForced && FailsTooOften(plan, progress)) return [new RetryEvent.Stopped(ReasonOf(progress))];
        var settled = progress.Dispatched + progress.Skipped;
        var isHeardOf = progress.Pending <= 0 || review.IsPatienceOver;
        if (settled >= plan.Total && isHeardOf) return [new RetryEvent.Finished()];
        return state.Status switch
        {
            RetryStatus.Trying when settled >= plan.First && isHeardOf => [new RetryEvent.Tried()],
            RetryStatus.Dispatching when settled >= plan.Total => [new RetryEvent.AllDispatched()],
            _ => [],
        };
    }

    // Of a few, one more or less decides; of the first messages, all are asked.
    private static bool FailsTooOften(RetryPlan plan, RetryProgress progress) =>
        progress.Judged >= Math.Min(RetryPlan.FewestJudged, Math.Max(1, plan.First > 0 ? Math.Min(plan.First, plan.Total) : plan.Total))
        && progress.FailedAgain > plan.StopShare * progress.Judged;

    private static string ReasonOf(RetryProgress progress) =>
        string.Create(CultureInfo.InvariantCulture, $"{progress.FailedAgain} of {progress.Judged} messages failed again");
}

/// <summary>A retry cannot do what it was asked for; the message says why.</summary>
public sealed class RetryRefusedException(string reason) : Exception(reason);
