namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states of a resource.</summary>
public static class KnownResourceStates
{
    /// <summary>A value that is there.</summary>
    public static readonly string Active = "Active";

    /// <summary>Its process is being started.</summary>
    public static readonly string Starting = "Starting";

    /// <summary>Its process runs.</summary>
    public static readonly string Running = "Running";

    /// <summary>It could not be started.</summary>
    public static readonly string FailedToStart = "FailedToStart";

    /// <summary>It is being stopped.</summary>
    public static readonly string Stopping = "Stopping";

    /// <summary>It ended: was stopped, or failed for good.</summary>
    public static readonly string Exited = "Exited";

    /// <summary>It ended by itself with code 0.</summary>
    public static readonly string Finished = "Finished";

    /// <summary>It waits for others.</summary>
    public static readonly string Waiting = "Waiting";

    /// <summary>Nobody has started it.</summary>
    public static readonly string NotStarted = "NotStarted";

    /// <summary>A value that is missing.</summary>
    public static readonly string ValueMissing = "ValueMissing";

    /// <summary>States that a resource leaves only when it is started again.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [FailedToStart, Exited, Finished];
}
