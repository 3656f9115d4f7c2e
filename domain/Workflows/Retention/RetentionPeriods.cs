namespace Conductor.Domain.Workflows.Retention;

/// <summary>For how long executions stay after their end.</summary>
/// <param name="Usual">The period of definitions that name none.</param>
/// <param name="Days">Days by name of the definition, for those that name some.</param>
public sealed record RetentionPeriods(TimeSpan Usual, IReadOnlyDictionary<string, int> Days)
{
    /// <summary>The period of a definition.</summary>
    public TimeSpan Of(string name) => Days.TryGetValue(name, out var days) ? TimeSpan.FromDays(days) : Usual;

    /// <summary>Executions of a definition that ended before this are due to go.</summary>
    public DateTimeOffset EndedBefore(string name, DateTimeOffset now) =>
        Of(name) is var period && period < now - DateTimeOffset.UnixEpoch ? now - period : DateTimeOffset.UnixEpoch;

    /// <summary>Whether an execution is due to go.</summary>
    public bool IsDue(string name, DateTimeOffset endedAt, DateTimeOffset now) => endedAt < EndedBefore(name, now);
}
