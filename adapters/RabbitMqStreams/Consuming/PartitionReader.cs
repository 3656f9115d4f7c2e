using System.Runtime.CompilerServices;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.RabbitMqStreams.Consuming;

/// <summary>A partition in the hands of a member of a group.</summary>
internal sealed class PartitionReader(
    RabbitMqStreamBroker broker, IGroupStore groups, Subscription subscription, PartitionLease lease, Action<PartitionReader> handedBack) : IPartitionReader
{
    private readonly CancellationTokenSource _revoked = new();
    private readonly GroupKey _group = new(subscription.Topic, subscription.Group);
    private int? _generation;

    public PartitionLease Lease => lease;

    public string Source => subscription.Topic;

    public int Partition => lease.Partition;

    public long Epoch => lease.Epoch;

    public CancellationToken Revoked => _revoked.Token;

    public void Revoke() => _revoked.Cancel();

    public async Task<int> GenerationAsync(CancellationToken cancellationToken) =>
        (_generation = await broker.GenerationAsync(subscription.Topic, Partition, cancellationToken)).Value;

    public async IAsyncEnumerable<StreamBatch> ReadAsync(long? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The position belongs to the generation that the caller was told, whatever has begun since.
        var generation = _generation ?? await GenerationAsync(cancellationToken);
        var start = from is { } offset ? new StreamPosition.At(offset) : await StartAsync(cancellationToken);
        var expected = (start as StreamPosition.At)?.Offset;
        while (true)
        {
            var isEmpty = expected is { } wanted && await IsEmptyAsync(wanted, cancellationToken);
            // What comes to an empty partition shows what its offsets are by now.
            if (isEmpty) start = new StreamPosition.Beginning();
            await foreach (var batch in broker.ReadAsync(subscription.Topic, Partition, start, generation, cancellationToken))
            {
                if (expected is { } next && next != batch.Records.Span[0].Offset && await IsLostAsync(next, batch, isEmpty, cancellationToken)) break;
                isEmpty = false;
                expected = batch.NextOffset;
                yield return batch;
            }
            start = new StreamPosition.At(expected!.Value);
        }
    }

    public Task CommitAsync(long nextOffset, CancellationToken cancellationToken) => groups.CommitAsync(_group, lease, nextOffset, cancellationToken);

    public Task<long> LagAsync(long nextOffset, CancellationToken cancellationToken) =>
        broker.LagAsync(subscription.Topic, Partition, nextOffset, cancellationToken);

    public RecordOrigin OriginOf(in StreamRecord record) => RecordOrigin.InTopic(subscription.Topic, record);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await groups.ReleaseAsync(_group, lease, CancellationToken.None);
        }
        finally
        {
            // What could not be released is in nobody's hands either: the group's next beat sees to it.
            handedBack(this);
        }
    }

    private async Task<bool> IsEmptyAsync(long wanted, CancellationToken cancellationToken)
    {
        var (lost, isEmpty) = await broker.LossAsync(subscription.Topic, Partition, wanted, cancellationToken);
        return lost is null ? isEmpty : throw lost;
    }

    // Retention may overtake a reader that is slow; a gap is none where the broker still holds what is before it. True when reading is to begin once more.
    private async Task<bool> IsLostAsync(long expected, StreamBatch batch, bool wasEmpty, CancellationToken cancellationToken)
    {
        var first = batch.Records.Span[0].Offset;
        var (lost, isEmpty) = await broker.LossAsync(subscription.Topic, Partition, expected, cancellationToken);
        if (lost is null && !isEmpty && !wasEmpty) return false;
        batch.Dispose();
        if (lost is null) return true;
        // What has come is there, whatever retention has removed by now.
        throw lost.BeganAnew ? lost : new LostPositionException(expected, lost.Held with { First = Math.Min(first, lost.Held.First) });
    }

    private async Task<StreamPosition> StartAsync(CancellationToken cancellationToken)
    {
        var positions = await groups.PositionsAsync(_group, cancellationToken);
        return positions.TryGetValue(Partition, out var next) ? new StreamPosition.At(next) : subscription.Start;
    }
}
