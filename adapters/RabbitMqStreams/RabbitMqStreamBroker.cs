using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.RabbitMqStreams.Connections;
using Conductor.RabbitMqStreams.Consuming;
using Conductor.RabbitMqStreams.Topics;
using RabbitMQ.Client;

namespace Conductor.RabbitMqStreams;

/// <summary>
/// Topics on RabbitMQ over AMQP 0-9-1, without any plugin: a topic is one stream queue per partition; which topics there are, and
/// the groups' leases and positions, are in stores beside it.
/// </summary>
public sealed class RabbitMqStreamBroker : IStreamBroker, IAsyncDisposable
{
    private const ushort FirstPrefetch = 32;
    private readonly RabbitMqStreamOptions _options;
    private readonly ITopicStore _topics;
    private readonly IGroupStore _groups;
    private readonly TimeProvider _time;
    private readonly RabbitMqStreamProducers _producers;
    private readonly BrokerConnection _consuming;
    private readonly TopicQueues _queues;
    private readonly PartitionSpans _spans;
    private readonly PartitionProbe _probe;
    private readonly PartitionLag _lag;
    private readonly ConcurrentDictionary<string, bool> _missing = new();

    /// <summary>Makes a broker; it connects on first use.</summary>
    /// <param name="options">Address and limits.</param>
    /// <param name="topics">Which topics there are.</param>
    /// <param name="groups">Leases and positions of groups.</param>
    /// <param name="time">Clock of the timestamps that producers leave out.</param>
    public RabbitMqStreamBroker(RabbitMqStreamOptions options, ITopicStore topics, IGroupStore groups, TimeProvider time)
    {
        (_options, _topics, _groups, _time) = (options, topics, groups, time);
        _producers = new RabbitMqStreamProducers(options, time) { QueueIsMissing = topic => _missing[topic] = true };
        _consuming = new BrokerConnection(options, "consuming");
        _queues = new TopicQueues(_consuming, topics);
        _spans = new PartitionSpans(_consuming);
        _probe = new PartitionProbe(_spans, OpenReaderAsync, options.Quiet);
        _lag = new PartitionLag(_probe, _spans, time);
    }

    /// <inheritdoc />
    public string Name => "rabbitmq";

    /// <inheritdoc />
    public string? RefusalOf(TopicSpecification topic) => topic.IsCompacted ? "RabbitMQ's streams cannot be compacted; name a topic of Kafka" : null;

    /// <inheritdoc />
    public async Task<TopicSpecification> EnsureTopicAsync(TopicSpecification topic, CancellationToken cancellationToken)
    {
        if (RefusalOf(topic) is { } refusal) throw new InvalidOperationException($"topic '{topic.Name}': {refusal}");
        // The queues come first: a topic that is on record can be used.
        var existing = await _topics.FindAsync(topic.Name, cancellationToken);
        var wanted = existing is null ? topic : existing with { Partitions = Math.Max(existing.Partitions, topic.Partitions) };
        await _queues.DeclareAsync(wanted, cancellationToken);
        return await _topics.EnsureAsync(wanted, cancellationToken);
    }

    /// <inheritdoc />
    public Task<TopicSpecification?> FindTopicAsync(string topic, CancellationToken cancellationToken) => _topics.FindAsync(topic, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<TopicSpecification>> TopicsAsync(CancellationToken cancellationToken) => _topics.ListAsync(cancellationToken);

    /// <inheritdoc />
    public async Task DeleteTopicAsync(string topic, CancellationToken cancellationToken)
    {
        if (await _topics.FindAsync(topic, cancellationToken) is not { } existing) return;
        await _topics.RemoveAsync(topic, cancellationToken);
        await _queues.DeleteAsync(existing, cancellationToken);
        _lag.Forget(topic);
        await _groups.ForgetAsync(topic, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IStreamProducer> OpenProducerAsync(string topic, CancellationToken cancellationToken)
    {
        var found = await GetAsync(topic, cancellationToken);
        if (_missing.ContainsKey(topic))
        {
            await _queues.DeclareAsync(found, cancellationToken);
            _missing.TryRemove(topic, out _);
        }
        return await _producers.OpenAsync(found, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IRecordSource> SubscribeAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        await GetAsync(subscription.Topic, cancellationToken);
        return new GroupSource(this, _groups, subscription, _options.Lease, _time);
    }

    /// <inheritdoc />
    public IAsyncEnumerable<StreamBatch> ReadAsync(string topic, int partition, StreamPosition from, CancellationToken cancellationToken) =>
        ReadAsync(topic, partition, from, generation: null, cancellationToken);

    /// <summary>Reads on a position of one generation, and of no other.</summary>
    /// <exception cref="StreamUnavailableException">Another generation has begun.</exception>
    internal async IAsyncEnumerable<StreamBatch> ReadAsync(
        string topic, int partition, StreamPosition from, int? generation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (partition < 0 || partition >= (await GetAsync(topic, cancellationToken)).Partitions) throw new UnknownTopicException($"{topic}/{partition}");
        // A time names a chunk of records for RabbitMQ: find the record, then start there.
        if (from is StreamPosition.Since) from = new StreamPosition.At(await _probe.OffsetAsync(topic, partition, from, cancellationToken));
        // How large the records are shows when the first have come: few of them, so that large ones do not fill the memory.
        var prefetch = Math.Min(FirstPrefetch, _options.Prefetch);
        var start = StreamOffset.Of(from);
        while (true)
        {
            await using var reader = await OpenReaderAsync(topic, partition, start, prefetch, cancellationToken);
            // A generation begins before its queue is made: what is open by now is of the one that is asked for, or of none after it.
            if (generation is { } wanted && wanted != await GenerationAsync(topic, partition, cancellationToken))
                throw new StreamUnavailableException($"{topic} has been made again");
            var enough = _options.Prefetch;
            do
            {
                if (await reader.ReadAsync(Timeout.InfiniteTimeSpan, cancellationToken) is not { } batch) continue;
                start = batch.NextOffset;
                yield return batch;
                enough = (ushort)Math.Min(_options.Prefetch, reader.Wanted);
            }
            while (prefetch == _options.Prefetch || enough < 2 * prefetch);
            prefetch = enough;
        }
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<PartitionRange>> RangesAsync(string topic, CancellationToken cancellationToken)
    {
        var count = (await GetAsync(topic, cancellationToken)).Partitions;
        return await Task.WhenAll(Enumerable.Range(0, count).Select(p => _probe.RangeAsync(topic, p, cancellationToken)));
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<GroupSummary>> GroupsAsync(string topic, CancellationToken cancellationToken)
    {
        await GetAsync(topic, cancellationToken);
        return await _groups.GroupsAsync(topic, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<GroupPosition>> PositionsAsync(string topic, string group, CancellationToken cancellationToken)
    {
        var ranges = await RangesAsync(topic, cancellationToken);
        var positions = await _groups.PositionsAsync(new(topic, group), cancellationToken);
        return [.. ranges.Select(r => GroupPosition.In(r, positions.GetValueOrDefault(r.Partition, r.First)))];
    }

    /// <inheritdoc />
    public async Task SeekAsync(string topic, string group, StreamPosition position, CancellationToken cancellationToken)
    {
        var count = (await GetAsync(topic, cancellationToken)).Partitions;
        var offsets = await Task.WhenAll(
            Enumerable.Range(0, count).Select(async p => KeyValuePair.Create(p, await _probe.OffsetAsync(topic, p, position, cancellationToken))));
        await _groups.MoveAsync(new(topic, group), new Dictionary<int, long>(offsets), cancellationToken);
    }

    /// <inheritdoc />
    public Task ForgetGroupAsync(string topic, string group, CancellationToken cancellationToken) =>
        _groups.ForgetAsync(new GroupKey(topic, group), cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _producers.DisposeAsync();
        await _spans.DisposeAsync();
        await _consuming.DisposeAsync();
    }

    internal Task<long> LagAsync(string topic, int partition, long next, CancellationToken cancellationToken) =>
        _lag.BehindAsync(topic, partition, next, cancellationToken);

    internal Task<(LostPositionException? Lost, bool IsEmpty)> LossAsync(string topic, int partition, long wanted, CancellationToken cancellationToken) =>
        _probe.LossAsync(topic, partition, wanted, cancellationToken);

    internal Task<int> GenerationAsync(string topic, int partition, CancellationToken cancellationToken) =>
        _topics.GenerationOfAsync(topic, partition, cancellationToken);

    private async Task<QueueReader> OpenReaderAsync(string topic, int partition, object from, ushort prefetch, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync();
        }
        catch (StreamUnavailableException e) when (BrokerConnection.IsMissing(e))
        {
            // Somebody deleted a queue of a topic that there is.
            await _queues.DeclareAsync(await GetAsync(topic, cancellationToken), cancellationToken);
            _lag.Forget(topic);
            return await OpenAsync();
        }

        Task<QueueReader> OpenAsync() => QueueReader.OpenAsync(
            _consuming, (TopicQueues.NameOf(topic, partition), partition), from, (prefetch, _options.PrefetchBytes), cancellationToken);
    }

    private async Task<TopicSpecification> GetAsync(string topic, CancellationToken cancellationToken) =>
        await _topics.FindAsync(topic, cancellationToken) ?? throw new UnknownTopicException(topic);
}
