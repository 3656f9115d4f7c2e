using Npgsql;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>How messages of a saga share transactions.</summary>
public sealed class GroupCommitOptions
{
    /// <summary>
    /// Transactions at a time; the messages of an instance always take the same lane. By default one for two processors: fewer have larger batches,
    /// which cost less, and the rest of the service and the database need processors as well.
    /// </summary>
    public int Lanes { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Most messages of a transaction.</summary>
    public int MaxBatchSize { get; set; } = 128;

    /// <summary>
    /// While much comes, a lane commits no more often than once in this time: batches stay large when all is fast, and a message costs less.
    /// When little comes nobody waits.
    /// </summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMilliseconds(6);

    /// <summary>Most messages that wait in a lane; beyond it senders wait.</summary>
    public int MaxWaiting { get; set; } = 4096;

    /// <summary>Name of this saga in metrics and in the names of its lanes; the name of its type when null.</summary>
    public string? Name { get; set; }

    /// <summary>Where connections come from; the registered <see cref="NpgsqlDataSource"/> when null.</summary>
    public Func<IServiceProvider, NpgsqlDataSource>? DataSource { get; set; }
}
