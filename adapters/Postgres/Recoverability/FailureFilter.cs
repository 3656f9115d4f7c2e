using Npgsql;

namespace Conductor.Postgres.Recoverability;

/// <summary>What has become of a message that failed.</summary>
public enum FailureState
{
    /// <summary>Nothing yet.</summary>
    Open,
    /// <summary>A retry has claimed it, or has sent it and nobody has heard of it since.</summary>
    Retrying,
    /// <summary>Its consumer has consumed it, or somebody has said that it is done with.</summary>
    Resolved,
    /// <summary>Put away; it can be restored until its time is up.</summary>
    Archived,
}

/// <summary>Which failures; all conditions hold.</summary>
public sealed record FailureFilter
{
    /// <summary>What has become of them.</summary>
    public FailureState State { get; init; } = FailureState.Open;
    /// <summary>In this group, of whatever kind.</summary>
    public Guid? Group { get; init; }
    /// <summary>Words that all occur in headers, texts or body, as people write them to a search engine (<c>websearch_to_tsquery</c>).</summary>
    public string? Text { get; init; }
    /// <summary>Failed last at this time or later.</summary>
    public DateTimeOffset? From { get; init; }
    /// <summary>Failed last before this time.</summary>
    public DateTimeOffset? To { get; init; }

    // The group's kind is not known: its id is in one of three columns, each with an index of its own.
    internal string AddTo(NpgsqlCommand command)
    {
        var conditions = new List<string>();
        Add("f.state = {0}", (short)State);
        if (Group is { } group) Add("(f.cause_group = {0} OR f.type_group = {0} OR f.endpoint_group = {0})", group);
        if (!string.IsNullOrWhiteSpace(Text)) Add("f.search @@ websearch_to_tsquery('simple', {0})", Statements.Storable(Text)!);
        if (From is { } from) Add("f.last_failed_at >= {0}", from.ToUniversalTime());
        if (To is { } to) Add("f.last_failed_at < {0}", to.ToUniversalTime());
        return string.Join(" AND ", conditions);

        void Add(string condition, object value)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
            conditions.Add(condition.Replace("{0}", $"${command.Parameters.Count}", StringComparison.Ordinal));
        }
    }
}

/// <summary>A place in the list, newest first: the last message of a page.</summary>
/// <param name="LastFailedAt">Its time.</param>
/// <param name="Id">Its id.</param>
public sealed record FailurePlace(DateTimeOffset LastFailedAt, Guid Id);
