using System.Runtime.CompilerServices;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Confluent.Kafka;

namespace Conductor.Kafka.Consuming;

/// <summary>A partition in the hands of a member of a group.</summary>
internal sealed class KafkaPartitionReader(KafkaStreamBroker broker, KafkaSource source, Subscription subscription, int partition) : IPartitionReader
{
    private readonly CancellationTokenSource _revoked = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isLost;
    private int? _generation;

    /// <summary>Completes when nobody works on the partition here any more.</summary>
    public Task Ended => _ended.Task;

    public TopicPartition Place { get; } = new(subscription.Topic, partition);

    /// <summary>What a transaction needs so that only a living member moves the position.</summary>
    public IConsumerGroupMetadata Member => source.Membership.Metadata;

    public string Source => KafkaStreamBroker.SourceOf(subscription.Topic);

    public int Partition => partition;

    public long Epoch { get; private set; }

    public CancellationToken Revoked => _revoked.Token;

    public void Take(PartitionLease lease) => Epoch = lease.Epoch;

    public void Revoke() => _revoked.Cancel();

    /// <summary>Somebody else has it, or may have: nothing is committed from here any more.</summary>
    public void Lose()
    {
        _isLost = true;
        Revoke();
    }

    public async Task<int> GenerationAsync(CancellationToken cancellationToken) =>
        (_generation = await broker.GenerationAsync(subscription.Topic, cancellationToken)).Value;

    public async IAsyncEnumerable<StreamBatch> ReadAsync(long? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The position belongs to the generation that the caller was told, whatever has begun since.
        _generation ??= await GenerationAsync(cancellationToken);
        var start = from ?? await CommittedAsync(cancellationToken);
        var next = await broker.StartAsync(Place, start is { } offset ? new StreamPosition.At(offset) : subscription.Start, cancellationToken);
        await using var fetch = source.Fetcher.Open(Place, next);
        while (true)
        {
            var batch = await NextAsync(fetch, next, cancellationToken);
            next = batch.NextOffset;
            yield return batch;
        }
    }

    public Task CommitAsync(long nextOffset, CancellationToken cancellationToken) => _isLost
        ? throw new FencedException($"partition {partition} of {subscription.Topic} is not {subscription.Member}'s any more")
        : source.Membership.CommitAsync(partition, nextOffset, () => !_isLost, cancellationToken);

    public Task<long?> CommittedAsync(CancellationToken cancellationToken) => source.Membership.CommittedAsync(partition, cancellationToken);

    public async Task<long> LagAsync(long nextOffset, CancellationToken cancellationToken) =>
        source.Fetcher.LagOf(Place, nextOffset) ?? await broker.LagAsync(Place, nextOffset, cancellationToken);

    public RecordOrigin OriginOf(in StreamRecord record) => RecordOrigin.InTopic(Source, record);

    public ValueTask DisposeAsync()
    {
        _isLost = true;
        source.Forget(this);
        _ended.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private async Task<StreamBatch> NextAsync(PartitionFetch fetch, long next, CancellationToken cancellationToken)
    {
        try
        {
            return await fetch.ReadAsync(cancellationToken);
        }
        catch (PositionGoneException)
        {
            throw await broker.LossAsync(Place, next, _generation!.Value, cancellationToken);
        }
    }
}
