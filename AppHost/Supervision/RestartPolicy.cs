namespace Conductor.AppHost.Supervision;

/// <summary>
/// How long to wait before a process that ended is started again: twice as long each time it ended soon after its start, at most
/// <see cref="Longest"/>, and for ever. One that had run for a while (as long as Docker's restart policy asks) begins anew.
/// </summary>
internal sealed class RestartPolicy
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan AWhile = TimeSpan.FromSeconds(10);

    /// <summary>How often in a row it ended soon after its start.</summary>
    public int Failures { get; private set; }

    /// <summary>The delay before the next start.</summary>
    /// <param name="ran">How long it had run; zero for one that did not start.</param>
    public TimeSpan Next(TimeSpan ran)
    {
        if (ran >= AWhile) Failures = 0;
        var delay = First * Math.Pow(2, Math.Min(Failures++, 10));
        return delay < Longest ? delay : Longest;
    }
}
