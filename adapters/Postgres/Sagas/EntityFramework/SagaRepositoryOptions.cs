namespace Conductor.Postgres.Sagas.EntityFramework;

/// <summary>How concurrent messages of one instance are kept apart.</summary>
public sealed class SagaRepositoryOptions
{
    internal bool IsOptimistic { get; private set; }

    /// <summary>They wait for each other (the default): the instance is locked before it is loaded, present or not.</summary>
    public SagaRepositoryOptions Pessimistic()
    {
        IsOptimistic = false;
        return this;
    }

    /// <summary>
    /// They do not wait; the later one to commit fails with a concurrency exception and is to be retried outside
    /// (<see cref="SagaRetryExtensions.UseSagaRetry"/>). The instance needs a row version.
    /// </summary>
    public SagaRepositoryOptions Optimistic()
    {
        IsOptimistic = true;
        return this;
    }
}
