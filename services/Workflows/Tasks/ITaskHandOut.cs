using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Tasks;

/// <summary>Port: hands tasks out, in the database.</summary>
internal interface ITaskHandOut
{
    /// <summary>The limits of a queue's task type; null for none.</summary>
    ValueTask<TaskLimit?> LimitAsync(string queue, CancellationToken cancellationToken);

    /// <summary>Counts as many of these tasks of a queue, the first ones, as the limit lets through now.</summary>
    Task<(int Granted, DateTimeOffset? NextFree)> ClaimAsync(CountedRequest request, IReadOnlyList<QueuedTask> tasks, CancellationToken cancellationToken);

    /// <summary>Hands a task out; null when it waits for no worker any more.</summary>
    Task<HandedOutTask?> HandOutAsync(QueuedTask task, string? workerId, bool isCounted, CancellationToken cancellationToken);

    /// <summary>A task comes back whose worker is gone.</summary>
    Task ReturnAsync(HandedOutTask task, CancellationToken cancellationToken);
}
