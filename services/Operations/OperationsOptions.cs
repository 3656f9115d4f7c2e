namespace Conductor.Operations;

/// <summary>What dead letters are collected, and how they are sent again (section <c>Operations</c>).</summary>
internal sealed class OperationsOptions
{
    /// <summary>Endpoints of MassTransit programs: their <c>_error</c> and <c>_skipped</c> queues are read.</summary>
    public IList<string> Endpoints { get; } = [];

    /// <summary>Queues that dead-letter exchanges of the broker's fill.</summary>
    public IList<string> Queues { get; } = [];

    /// <summary>How often it is looked for queues that were not there.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long after the last message was sent it is heard of its consumer, at the latest.</summary>
    public TimeSpan ConfirmPatience { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>All queues to be read.</summary>
    public IEnumerable<string> AllQueues => Endpoints.SelectMany(endpoint => new[] { endpoint + "_error", endpoint + "_skipped" }).Concat(Queues)
        .Distinct(StringComparer.Ordinal);
}
