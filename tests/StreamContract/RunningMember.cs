using System.Collections.Concurrent;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;

namespace Conductor.StreamContract;

/// <summary>A member of a group that behaves: it hands back what it is asked for. With a list it also reads and commits.</summary>
public sealed class RunningMember : IAsyncDisposable
{
    private readonly IRecordSource _source;
    private readonly ConcurrentDictionary<string, int>? _seen;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<IPartitionReader> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentBag<Task> _serving = [];
    private bool _hasVanished;

    public RunningMember(IRecordSource source, ConcurrentDictionary<string, int>? seen = null)
    {
        (_source, _seen) = (source, seen);
        Ended = RunAsync();
    }

    public ConcurrentDictionary<int, IPartitionReader> Held { get; } = [];

    public ConcurrentBag<IPartitionReader> Everything { get; } = [];

    public Task Ended { get; }

    public Task<IPartitionReader> FirstAsync() => _first.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    /// <summary>Ends without a word, as a killed process does.</summary>
    public async Task VanishAsync()
    {
        _hasVanished = true;
        await _stop.CancelAsync();
        await Ended.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Ended.ContinueWith(_ => { }, TaskScheduler.Default);
        await Task.WhenAll(_serving);
        if (!_hasVanished) await _source.DisposeAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var reader in _source.PartitionsAsync(_stop.Token))
            {
                Held[reader.Partition] = reader;
                Everything.Add(reader);
                _first.TrySetResult(reader);
                _serving.Add(ServeAsync(reader));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Told to end.
        }
    }

    private async Task ServeAsync(IPartitionReader reader)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(reader.Revoked, _stop.Token);
        try
        {
            if (_seen is null) await Task.Delay(Timeout.Infinite, end.Token);
            else await ReadAsync(reader, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Handed back, or told to end.
        }
        if (_hasVanished) return;
        Held.TryRemove(reader.Partition, out _);
        try
        {
            await reader.DisposeAsync();
        }
        catch (StreamUnavailableException)
        {
            // The store is away: its member hands it back when it is there again.
        }
    }

    private async Task ReadAsync(IPartitionReader reader, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await ReadOnAsync(reader, end);
            }
            catch (StreamUnavailableException)
            {
                // It is away, and comes again.
                await Task.Delay(100, end);
            }
        }
    }

    private async Task ReadOnAsync(IPartitionReader reader, CancellationToken end)
    {
        await foreach (var batch in reader.ReadAsync(null, end))
        {
            using var _ = batch;
            foreach (var record in batch.Records.ToArray()) _seen!.AddOrUpdate(record.Text(), 1, (_, n) => n + 1);
            await reader.CommitAsync(batch.NextOffset, CancellationToken.None);
        }
    }
}
