using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>Writes what became of messages: many rows with one statement, whatever sends have ended in the meantime.</summary>
internal sealed class OutboxSettlements(NpgsqlDataSource source, OutboxOptions options, ILogger<OutboxSettlements> logger)
{
    private const int Most = 2000;
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(5);

    private readonly Channel<Settlement> _channel = Channel.CreateUnbounded<Settlement>(new() { SingleReader = true });

    private readonly string _delete = $"DELETE FROM {options.Schema}.outbox WHERE id = ANY($1)";

    private readonly string _keep = $"""
        UPDATE {options.Schema}.outbox o SET attempts = o.attempts + s.counted, available = clock_timestamp() + s.wait, poison = s.reason
        FROM unnest($1, $2, $3, $4) AS s(id, counted, wait, reason) WHERE o.id = s.id
        """;

    public void Add(Settlement settlement) => _channel.Writer.TryWrite(settlement);

    /// <summary>Ends <see cref="RunAsync"/> once everything is written.</summary>
    public void Complete() => _channel.Writer.TryComplete();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var settled = new List<Settlement>(Most);
        while (await _channel.Reader.WaitToReadAsync(cancellationToken))
        {
            await Task.Delay(Linger, CancellationToken.None);
            settled.Clear();
            while (settled.Count < Most && _channel.Reader.TryRead(out var settlement)) settled.Add(settlement);
            await WriteAsync(settled, cancellationToken);
        }
    }

    // Until it succeeds: what was delivered and not deleted is sent twice when its lease ends.
    private async Task WriteAsync(List<Settlement> settled, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await WriteOnceAsync(settled, cancellationToken);
                MessagingMetrics.Settled(settled, options.Schema);
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException && !cancellationToken.IsCancellationRequested)
            {
                OutboxLog.CannotSettle(logger, settled.Count, e);
                await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
            }
        }
    }

    private async Task WriteOnceAsync(List<Settlement> settled, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        var delivered = settled.Where(s => s.Kind == SettlementKind.Delivered).Select(s => s.Id).ToArray();
        var kept = settled.Where(s => s.Kind != SettlementKind.Delivered).ToArray();
        if (delivered.Length > 0) batch.BatchCommands.Add(new(_delete) { Parameters = { Array(delivered, NpgsqlDbType.Uuid) } });
        if (kept.Length > 0)
        {
            batch.BatchCommands.Add(new(_keep)
            {
                Parameters =
                {
                    Array(kept.Select(s => s.Id).ToArray(), NpgsqlDbType.Uuid),
                    Array(kept.Select(s => s.Kind == SettlementKind.PutOff ? 0 : 1).ToArray(), NpgsqlDbType.Integer),
                    Array(kept.Select(s => s.RetryIn).ToArray(), NpgsqlDbType.Interval),
                    Array(kept.Select(s => s.Kind == SettlementKind.Poisoned ? s.Reason : null).ToArray(), NpgsqlDbType.Text),
                },
            });
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Array<T>(T[] values, NpgsqlDbType type) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
