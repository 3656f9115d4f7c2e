namespace Conductor.Worker;

/// <summary>The task has failed, for a reason that the workflow may tell its users. Any other exception fails the task as well.</summary>
/// <param name="reason">Becomes the task's reason for incompletion.</param>
/// <param name="terminal">Never retried, whatever the task's definition says.</param>
/// <param name="inner">What led to it.</param>
public sealed class TaskFailedException(string reason, bool terminal = false, Exception? inner = null) : Exception(reason, inner)
{
    /// <summary>Never retried, whatever the task's definition says.</summary>
    public bool IsTerminal { get; } = terminal;
}
