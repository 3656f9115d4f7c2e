using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Processing;
using Microsoft.Extensions.Logging;

namespace Conductor.Kafka.Consuming;

/// <summary>
/// A member of a group: hands out a reader for each partition that the group gives it, and asks for it back. The number of a partition's holder, and
/// which run is the latest, are not Kafka's to know: they are kept beside it.
/// </summary>
internal sealed class KafkaSource(
    KafkaStreamBroker broker, IGroupRuns runs, Subscription subscription, KafkaStreamOptions options, TimeProvider time, ILogger logger)
    : IRecordSource, IMemberEvents
{
    // A partition that is handed over waits this long for those who work on it; the group waits a little longer.
    private static readonly TimeSpan LongestHandOver = TimeSpan.FromSeconds(25);
    private readonly GroupKey _group = KafkaStreamBroker.KeyOf(subscription.Topic, subscription.Group);
    private readonly GroupMember _self = new(subscription.Member, subscription.Epoch);
    private readonly Channel<IPartitionReader> _given = Channel.CreateUnbounded<IPartitionReader>();
    private readonly Dictionary<int, KafkaPartitionReader> _readers = [];
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _left = new();
    private Membership? _membership;
    private Fetcher? _fetcher;
    private Task? _leaving;

    public async IAsyncEnumerable<IPartitionReader> PartitionsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await runs.AnnounceAsync(_group, _self, options.Lease, cancellationToken);
        _fetcher = new Fetcher(options, logger);
        _membership = new Membership(options, subscription, this, logger);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _left.Token);
        var announcing = AnnounceAsync(stop.Token);
        try
        {
            await foreach (var reader in _given.Reader.ReadAllAsync(cancellationToken)) yield return reader;
        }
        finally
        {
            await stop.CancelAsync();
            await announcing;
            // Who is not asked for partitions any more has this time to finish with what it has, as with every other broker.
            _ = LeaveLaterAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        await runs.LeaveAsync(_group, subscription.Member, CancellationToken.None);
    }

    void IMemberEvents.Given(IReadOnlyList<int> partitions)
    {
        foreach (var partition in partitions) _ = GiveAsync(partition);
    }

    void IMemberEvents.Revoked(IReadOnlyList<int> partitions)
    {
        var readers = Held(partitions);
        foreach (var reader in readers) reader.Revoke();
        var ended = Task.WhenAll(readers.Select(r => r.Ended));
        // This thread is the member's own.
        Task.WaitAny(ended, Task.Delay(LongestHandOver, time));
        ((IMemberEvents)this).Lost(partitions);
    }

    void IMemberEvents.Lost(IReadOnlyList<int> partitions)
    {
        foreach (var reader in Held(partitions))
        {
            reader.Lose();
            Forget(reader);
        }
    }

    void IMemberEvents.Ended(Exception? failure)
    {
        LoseAll();
        _given.Writer.TryComplete(failure);
    }

    /// <summary>What the reader of a partition asks the member for.</summary>
    internal Membership Membership => _membership ?? throw new InvalidOperationException("no partition has been given yet");

    internal Fetcher Fetcher => _fetcher ?? throw new InvalidOperationException("no partition has been given yet");

    internal void Forget(KafkaPartitionReader reader)
    {
        lock (_lock)
        {
            if (_readers.TryGetValue(reader.Partition, out var current) && ReferenceEquals(current, reader)) _readers.Remove(reader.Partition);
        }
    }

    private List<KafkaPartitionReader> Held(IReadOnlyList<int> partitions)
    {
        lock (_lock) return [.. partitions.Select(p => _readers.GetValueOrDefault(p)).OfType<KafkaPartitionReader>()];
    }

    private async Task GiveAsync(int partition)
    {
        var reader = new KafkaPartitionReader(broker, this, subscription, partition);
        lock (_lock) _readers[partition] = reader;
        try
        {
            reader.Take(await runs.TakeAsync(_group, partition, _self, _left.Token));
            if (!reader.Revoked.IsCancellationRequested) _given.Writer.TryWrite(reader);
            else await reader.DisposeAsync();
        }
        catch (Exception e)
        {
            // Without a number nobody may work on it: whoever asked for partitions starts anew, and hears why.
            await reader.DisposeAsync();
            if (e is not OperationCanceledException) _given.Writer.TryComplete(e);
        }
    }

    private async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(options.Lease / 4, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested) return;
            try
            {
                await runs.AnnounceAsync(_group, _self, options.Lease, cancellationToken);
            }
            catch (FencedException e)
            {
                _given.Writer.TryComplete(e);
                _ = LeaveAsync();
                return;
            }
            catch (Exception e) when (e is StreamUnavailableException or OperationCanceledException)
            {
                // Kafka keeps the group together meanwhile.
            }
        }
    }

    private async Task LeaveLaterAsync()
    {
        await Task.Delay(options.Lease, time, _left.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_left.IsCancellationRequested) LoseAll();
        await LeaveAsync();
    }

    private void LoseAll()
    {
        List<int> all;
        lock (_lock) all = [.. _readers.Keys];
        ((IMemberEvents)this).Lost(all);
    }

    private Task LeaveAsync()
    {
        lock (_lock) return _leaving ??= LeaveOnceAsync();
    }

    private async Task LeaveOnceAsync()
    {
        await _left.CancelAsync();
        // Both wait for threads.
        await Task.Run(() =>
        {
            _membership?.Dispose();
            _fetcher?.Dispose();
        });
    }
}
