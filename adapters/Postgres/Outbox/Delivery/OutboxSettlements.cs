using System.Threading.Channels;
using Conductor.Postgres.Supervision;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>Writes what became of messages: many rows with one statement, whatever sends have ended in the meantime.</summary>
internal sealed class OutboxSettlements(
    NpgsqlDataSource source, OutboxOptions options, BackgroundLoops loops, ILogger<OutboxSettlements> logger) : IDisposable
{
    private const int Most = 2000;
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _ended = new();
    private readonly List<Settlement> _settled = new(Most);
    private readonly Channel<Settlement> _channel = Channel.CreateUnbounded<Settlement>(new() { SingleReader = true });

    private readonly string _delete = $"DELETE FROM {options.Schema}.outbox WHERE id = ANY($1)";

    private readonly string _keep = $"""
        UPDATE {options.Schema}.outbox o SET attempts = o.attempts + s.counted, available = clock_timestamp() + s.wait, poison = s.reason
        FROM unnest($1, $2, $3, $4) AS s(id, counted, wait, reason) WHERE o.id = s.id
        """;

    /// <summary>Called when messages of sequences are settled: those behind them may go on.</summary>
    public Action? SequencesMoved { get; set; }

    public void Add(Settlement settlement) => _channel.Writer.TryWrite(settlement);

    /// <summary>Ends <see cref="RunAsync"/> once everything is written.</summary>
    public void Complete() => _channel.Writer.TryComplete();

    public Task RunAsync() => loops.RunAsync($"the settlement of the outbox {options.Schema}", TurnAsync, _ended.Token);

    public void Dispose() => _ended.Dispose();

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        if (_settled.Count == 0 && !await ReadAsync(loop, cancellationToken)) return;
        // Until it succeeds: what was delivered and not deleted is sent twice when its lease ends.
        await WriteAsync(_settled, cancellationToken);
        _settled.Clear();
    }

    private async Task<bool> ReadAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        var more = _channel.Reader.WaitToReadAsync(cancellationToken).AsTask();
        await loop.RestAsync(more);
        if (!await more)
        {
            await _ended.CancelAsync();
            return false;
        }
        await Task.Delay(Linger, CancellationToken.None);
        while (_settled.Count < Most && _channel.Reader.TryRead(out var settlement)) _settled.Add(settlement);
        return true;
    }

    private async Task WriteAsync(IReadOnlyList<Settlement> settled, CancellationToken cancellationToken)
    {
        try
        {
            await WriteOnceAsync(settled, cancellationToken);
            MessagingMetrics.Settled(settled, options.Schema);
            if (settled.Any(s => s.OfSequence)) SequencesMoved?.Invoke();
        }
        catch (PostgresException e) when (!DatabaseOutage.Is(e) && settled.Count > 1)
        {
            // One that the database refuses does not keep the others from it.
            foreach (var settlement in settled) await WriteAsync([settlement], cancellationToken);
        }
        catch (PostgresException e) when (!DatabaseOutage.Is(e))
        {
            OutboxLog.CannotSettle(logger, settled[0].Id, settled[0].Kind.ToString(), e);
        }
    }

    private async Task WriteOnceAsync(IReadOnlyList<Settlement> settled, CancellationToken cancellationToken)
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
                    Array(kept.Select(s => s.Kind == SettlementKind.Poisoned ? Statements.Storable(s.Reason) : null).ToArray(), NpgsqlDbType.Text),
                },
            });
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Array<T>(T[] values, NpgsqlDbType type) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
