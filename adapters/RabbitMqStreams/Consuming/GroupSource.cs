using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Processing;

namespace Conductor.RabbitMqStreams.Consuming;

/// <summary>A member of a group: keeps its leases alive and hands out a reader for every partition that it is given.</summary>
internal sealed class GroupSource(RabbitMqStreamBroker broker, IGroupStore groups, Subscription subscription, TimeSpan lease, TimeProvider time) : IRecordSource
{
    private readonly GroupKey _group = new(subscription.Topic, subscription.Group);
    private readonly Dictionary<int, PartitionReader> _readers = [];
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _handedBack = new(0);
    private long _goodUntil;

    public async IAsyncEnumerable<IPartitionReader> PartitionsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var given = Channel.CreateUnbounded<IPartitionReader>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beating = BeatAsync(given.Writer, stop.Token);
        try
        {
            await foreach (var reader in given.Reader.ReadAllAsync(cancellationToken)) yield return reader;
        }
        finally
        {
            await stop.CancelAsync();
            await beating;
        }
    }

    public async ValueTask DisposeAsync()
    {
        RevokeAll();
        await groups.LeaveAsync(_group, subscription.Member, CancellationToken.None);
    }

    // Ends with the channel completed: without an error when cancelled, with the error otherwise.
    private async Task BeatAsync(ChannelWriter<IPartitionReader> given, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await BeatOnceAsync(given, cancellationToken);
                await _handedBack.WaitAsync(lease / 4, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            given.TryComplete();
        }
        catch (Exception e)
        {
            RevokeAll();
            given.TryComplete(e);
        }
    }

    private async Task BeatOnceAsync(ChannelWriter<IPartitionReader> given, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var topic = await broker.FindTopicAsync(subscription.Topic, cancellationToken) ?? throw new UnknownTopicException(subscription.Topic);
            var share = await groups.HeartbeatAsync(_group, topic.Partitions, new(subscription.Member, subscription.Epoch), lease, cancellationToken);
            _goodUntil = started + (long)(lease.TotalSeconds * time.TimestampFrequency);
            foreach (var reader in Update(share)) await given.WriteAsync(reader, cancellationToken);
            foreach (var left in Unreleased(share)) await groups.ReleaseAsync(_group, left, cancellationToken);
        }
        catch (StreamUnavailableException) when (time.GetTimestamp() < _goodUntil)
        {
            // The leases still hold: try again at the next beat.
        }
    }

    private List<PartitionReader> Update(GroupShare share)
    {
        lock (_lock)
        {
            foreach (var (partition, reader) in _readers)
            {
                if (share.HandBack.Contains(partition) || !share.Held.Contains(reader.Lease)) reader.Revoke();
            }
            var news = share.Held.Where(l => !share.HandBack.Contains(l.Partition) && (!_readers.TryGetValue(l.Partition, out var old) || old.Lease != l))
                .Select(l => new PartitionReader(broker, groups, subscription, l, OnHandedBack)).ToList();
            foreach (var reader in news) _readers[reader.Partition] = reader;
            return news;
        }
    }

    private IReadOnlyList<PartitionLease> Unreleased(GroupShare share)
    {
        lock (_lock) return share.ToRelease(_readers.ContainsKey);
    }

    private void OnHandedBack(PartitionReader reader)
    {
        lock (_lock)
        {
            if (_readers.TryGetValue(reader.Partition, out var current) && ReferenceEquals(current, reader)) _readers.Remove(reader.Partition);
        }
        _handedBack.Release();
    }

    private void RevokeAll()
    {
        lock (_lock)
        {
            foreach (var reader in _readers.Values) reader.Revoke();
        }
    }
}
