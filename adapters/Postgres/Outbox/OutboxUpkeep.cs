using Conductor.Postgres.Supervision;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Outbox;

/// <summary>Forgets what was consumed longer ago than the retention, in small steps, and measures the backlog while somebody asks.</summary>
internal sealed class OutboxUpkeep(
    NpgsqlDataSource source, OutboxOptions options, BackgroundLoops loops, Removals removals, TimeProvider time, IHostApplicationLifetime lifetime,
    ILogger<OutboxUpkeep> logger) : BackgroundService
{
    private const int Step = 10_000;
    // A backlog of more is not counted: it grows while somebody watches.
    private const int MostCounted = 100_000;

    private readonly Removal _inbox = removals.Announce(
        new("inbox", "upkeep of the outbox", options.Retention, options.ForgetsSetting, options.Forgets));

    private readonly string _forget = $"""
        DELETE FROM {options.Schema}.inbox WHERE ctid = ANY(ARRAY(
            SELECT ctid FROM {options.Schema}.inbox WHERE received < clock_timestamp() - $1 LIMIT {Step}))
        """;

    private readonly string _measure = $"""
        SELECT count(*) FILTER (WHERE poison IS NULL AND due <= now()), count(*) FILTER (WHERE poison IS NULL AND due > now()),
               count(*) FILTER (WHERE poison IS NOT NULL),
               coalesce(extract(epoch FROM now() - min(due) FILTER (WHERE poison IS NULL AND due <= now())), 0)::float8,
               -- Grows with all that was consumed in days: what the last vacuum found will do.
               (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '{options.Schema}.inbox'::regclass)
        FROM (SELECT poison, due FROM {options.Schema}.outbox LIMIT {MostCounted}) o
        """;

    /// <summary>Deletes what is old enough. Returns how many rows.</summary>
    public async Task<int> ForgetAsync(CancellationToken cancellationToken)
    {
        int total = 0, deleted;
        do
        {
            await using var command = source.CreateCommand(_forget);
            command.Parameters.Add(new() { Value = options.Retention, NpgsqlDbType = NpgsqlDbType.Interval });
            total += deleted = await command.ExecuteNonQueryAsync(cancellationToken);
        }
        while (deleted == Step);
        _inbox.Ran(total);
        return total;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        MessagingMetrics.Observe(options.Schema, new(MeasureAsync, time, logger, lifetime.ApplicationStopping));
        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync(
        $"the upkeep of the outbox {options.Schema}",
        async (loop, stop) =>
        {
            if (options.Forgets) await ForgetAsync(stop);
            await loop.RestAsync(Task.Delay(options.CleanupInterval, time, stop));
        },
        stoppingToken, TimeSpan.FromMinutes(10));

    private async Task<Backlog> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(_measure);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Backlog(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetDouble(3), reader.GetInt64(4));
    }
}
