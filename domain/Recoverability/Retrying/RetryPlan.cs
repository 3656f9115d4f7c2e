namespace Conductor.Domain.Recoverability.Retrying;

/// <summary>How a retry of many messages is to go.</summary>
/// <param name="Total">How many messages were claimed for it.</param>
/// <param name="First">So many go first; the rest waits until it is known what became of them. 0 for all at once.</param>
/// <param name="PerSecond">Messages a second at most.</param>
/// <param name="StopShare">It stops by itself once a larger share than this of those judged has failed again; 1 for never.</param>
public sealed record RetryPlan(int Total, int First, int PerSecond, double StopShare)
{
    /// <summary>So many have to be judged before a share of them says anything.</summary>
    public const int FewestJudged = 5;

    /// <summary>What is wrong with it, or null.</summary>
    public string? Refusal => Total < 1 ? "there is no message to retry"
        : First < 0 ? "the number of messages that go first is negative"
        : PerSecond is < 1 or > 100_000 ? "the rate must be between 1 and 100000 messages a second"
        : StopShare is < 0 or > 1 or double.NaN ? "the share at which it stops must be between 0 and 1"
        : null;
}

/// <summary>What has become of a retry's messages so far.</summary>
/// <param name="Dispatched">Sent, and confirmed by the broker; whatever came of them then.</param>
/// <param name="Confirmed">Consumed.</param>
/// <param name="FailedAgain">Back as a dead letter.</param>
/// <param name="Skipped">Not sent: taken back, without a queue, or edited meanwhile.</param>
public sealed record RetryProgress(int Dispatched, int Confirmed, int FailedAgain, int Skipped)
{
    /// <summary>Of how many it is known what became of them.</summary>
    public int Judged => Confirmed + FailedAgain;

    /// <summary>Sent, and not heard of since.</summary>
    public int Pending => Dispatched - Judged;
}
