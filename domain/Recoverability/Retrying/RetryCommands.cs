namespace Conductor.Domain.Recoverability.Retrying;

/// <summary>What can be asked of a retry.</summary>
public abstract record RetryCommand
{
    /// <summary>Begins it.</summary>
    public sealed record Begin(RetryPlan Plan) : RetryCommand;

    /// <summary>Holds it up.</summary>
    public sealed record Pause : RetryCommand;

    /// <summary>Lets it go on; one that stopped by itself then goes on whatever fails.</summary>
    public sealed record Resume : RetryCommand;

    /// <summary>Ends it; what was sent stays sent.</summary>
    public sealed record Cancel(string Reason) : RetryCommand;

    /// <summary>Looks at what has become of the messages.</summary>
    /// <param name="Progress">That.</param>
    /// <param name="IsPatienceOver">Nothing more will be heard of those sent.</param>
    public sealed record Review(RetryProgress Progress, bool IsPatienceOver) : RetryCommand;
}

/// <summary>What has happened to a retry.</summary>
public abstract record RetryEvent
{
    /// <summary>It has begun.</summary>
    public sealed record Begun(RetryPlan Plan) : RetryEvent;

    /// <summary>The first messages are judged, and few enough of them have failed again.</summary>
    public sealed record Tried : RetryEvent;

    /// <summary>All messages are sent.</summary>
    public sealed record AllDispatched : RetryEvent;

    /// <summary>Somebody holds it up.</summary>
    public sealed record Paused : RetryEvent;

    /// <summary>It goes on.</summary>
    public sealed record Resumed(bool IsForced) : RetryEvent;

    /// <summary>It has stopped by itself.</summary>
    public sealed record Stopped(string Reason) : RetryEvent;

    /// <summary>It was cancelled.</summary>
    public sealed record Cancelled(string Reason) : RetryEvent;

    /// <summary>It is over.</summary>
    public sealed record Finished : RetryEvent;
}
