namespace Conductor.Hosting.Supervision;

/// <summary>
/// How long to wait before a process that ended is started again: twice as long each time it ended soon after its start, and no more after
/// <see cref="QuickFailures"/> of those in a row. One that had run for a while begins anew.
/// </summary>
internal sealed class RestartPolicy
{
    public const int QuickFailures = 6;
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan AWhile = TimeSpan.FromSeconds(60);
    private int _failures;

    /// <summary>The delay before the next start; null when it is given up.</summary>
    public TimeSpan? Next(TimeSpan ran)
    {
        if (ran >= AWhile) _failures = 0;
        if (++_failures >= QuickFailures) return null;
        var delay = First * Math.Pow(2, _failures - 1);
        return delay < Longest ? delay : Longest;
    }
}
