using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.Kafka.Connections;
using Conductor.Kafka.Consuming;
using Conductor.Kafka.Producing;
using Conductor.Kafka.Topics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Conductor.Kafka;

/// <summary>
/// Topics of a Kafka cluster. Groups, their members and positions are Kafka's own; the numbers of runs and of partitions' holders, which it has none of,
/// are in a store beside it.
/// </summary>
public sealed class KafkaStreamBroker : ITransactionalBroker, IDisposable
{
    private readonly KafkaStreamOptions _options;
    private readonly IGroupRuns _runs;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ClusterAdmin _cluster;
    private readonly TopicAdmin _topics;
    private readonly GroupAdmin _groups;
    private readonly Offsets _offsets;
    private readonly SharedProducer _producers;

    /// <summary>Makes a broker; it connects on first use.</summary>
    /// <param name="options">Address, settings and limits.</param>
    /// <param name="time">Clock of the timestamps that producers leave out.</param>
    /// <param name="runs">Numbers of runs and holders; null where there is one run, and nothing is fenced by the numbers of holders.</param>
    /// <param name="logger">Takes what the client library says; null drops it.</param>
    public KafkaStreamBroker(KafkaStreamOptions options, TimeProvider time, IGroupRuns? runs = null, ILogger<KafkaStreamBroker>? logger = null)
    {
        (_options, _time, _runs, _logger) = (options, time, runs ?? new SingleRun(), (ILogger?)logger ?? NullLogger.Instance);
        _cluster = new ClusterAdmin(options, time, _logger);
        _topics = new TopicAdmin(_cluster, options, time);
        _groups = new GroupAdmin(_cluster);
        _offsets = new Offsets(_cluster);
        _producers = new SharedProducer(options, _cluster, _logger);
    }

    /// <inheritdoc />
    public string Name => "kafka";

    /// <summary>Asks the cluster whether it is there.</summary>
    /// <exception cref="StreamUnavailableException">It does not answer, or refuses; the message says why.</exception>
    public Task PingAsync(CancellationToken cancellationToken) => _cluster.PingAsync(cancellationToken);

    /// <inheritdoc />
    public string? RefusalOf(TopicSpecification topic) => null;

    /// <inheritdoc />
    public async Task<TopicSpecification> EnsureTopicAsync(TopicSpecification topic, CancellationToken cancellationToken)
    {
        if (await _topics.DescribeAsync(topic.Name, cancellationToken) is not { } existing) await _topics.CreateAsync(topic, cancellationToken);
        else if (existing.Partitions.Count < topic.Partitions) await _topics.AddPartitionsAsync(topic.Name, topic.Partitions, cancellationToken);
        return await _topics.FindAsync(topic.Name, cancellationToken) ?? throw KafkaErrors.Unavailable($"topic '{topic.Name}' is being deleted");
    }

    /// <inheritdoc />
    public Task<TopicSpecification?> FindTopicAsync(string topic, CancellationToken cancellationToken) => _topics.FindAsync(topic, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<TopicSpecification>> TopicsAsync(CancellationToken cancellationToken) => _topics.ListAsync(cancellationToken);

    /// <inheritdoc />
    public async Task DeleteTopicAsync(string topic, CancellationToken cancellationToken)
    {
        await _topics.DeleteAsync(topic, cancellationToken);
        await _runs.ForgetAsync(SourceOf(topic), cancellationToken);
    }

    /// <inheritdoc />
    public Task<IStreamProducer> OpenProducerAsync(string topic, CancellationToken cancellationToken) =>
        OpenProducerAsync(_producers.Client, topic, cancellationToken);

    /// <inheritdoc />
    public async Task<IStreamTransactions> OpenTransactionsAsync(string name, CancellationToken cancellationToken) =>
        await KafkaTransactions.OpenAsync(name, _options, _cluster, _logger, OpenProducerAsync, cancellationToken);

    /// <inheritdoc />
    public Task<long?> CommittedAsync(IPartitionReader reader, CancellationToken cancellationToken) =>
        (reader as KafkaPartitionReader ?? throw new ArgumentException("the reader is not one of Kafka's", nameof(reader))).CommittedAsync(cancellationToken);

    /// <inheritdoc />
    public async Task<IRecordSource> SubscribeAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        await PartitionsAsync(subscription.Topic, cancellationToken);
        return new KafkaSource(this, _runs, subscription, _options, _time, _logger);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<StreamBatch> ReadAsync(
        string topic, int partition, StreamPosition from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!(await PartitionsAsync(topic, cancellationToken)).Contains(partition)) throw new UnknownTopicException($"{topic}/{partition}");
        var start = (await _offsets.FindAsync(topic, [partition], from, cancellationToken))[partition];
        using var fetcher = new Fetcher(_options, _logger);
        while (true)
        {
            await using var fetch = fetcher.Open(new TopicPartition(topic, partition), start);
            while (await NextAsync(fetch, cancellationToken) is { } batch)
            {
                start = batch.NextOffset;
                yield return batch;
            }
            // Retention has removed it: outside a group, reading goes on with what there is.
            start = (await _offsets.RangesAsync(topic, [partition], cancellationToken))[0] is var range && start < range.First ? range.First : range.Next;
        }
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<PartitionRange>> RangesAsync(string topic, CancellationToken cancellationToken) =>
        await _offsets.RangesAsync(topic, await PartitionsAsync(topic, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyList<GroupSummary>> GroupsAsync(string topic, CancellationToken cancellationToken) =>
        await _groups.ListAsync(topic, await PartitionsAsync(topic, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public async Task<IReadOnlyList<GroupPosition>> PositionsAsync(string topic, string group, CancellationToken cancellationToken)
    {
        var partitions = await PartitionsAsync(topic, cancellationToken);
        var positions = await _groups.PositionsAsync(topic, partitions, group, cancellationToken);
        var ranges = await _offsets.RangesAsync(topic, partitions, cancellationToken);
        return [.. ranges.Select(r => GroupPosition.In(r, positions.GetValueOrDefault(r.Partition, r.First)))];
    }

    /// <inheritdoc />
    public async Task SeekAsync(string topic, string group, StreamPosition position, CancellationToken cancellationToken)
    {
        var offsets = await _offsets.FindAsync(topic, await PartitionsAsync(topic, cancellationToken), position, cancellationToken);
        await _groups.MoveAsync(topic, group, offsets, cancellationToken);
    }

    /// <inheritdoc />
    public async Task ForgetGroupAsync(string topic, string group, CancellationToken cancellationToken)
    {
        if (await _topics.DescribeAsync(topic, cancellationToken) is { } found)
            await _groups.ForgetAsync(topic, [.. found.Partitions.Select(p => p.Partition)], group, cancellationToken);
        await _runs.ForgetAsync(KeyOf(topic, group), cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _producers.Dispose();
        _cluster.Dispose();
    }

    /// <summary>A topic's name among those of all brokers.</summary>
    internal static string SourceOf(string topic) => SourceNames.OfTopic("kafka", topic);

    internal static GroupKey KeyOf(string topic, string group) => new(SourceOf(topic), group);

    /// <summary>Another number for each topic that was ever made under a name: part of the id that Kafka gives it (KIP-516).</summary>
    internal async Task<int> GenerationAsync(string topic, CancellationToken cancellationToken)
    {
        var found = await _topics.DescribeAsync(topic, cancellationToken) ?? throw new UnknownTopicException(topic);
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(id, found.TopicId.MostSignificantBits);
        BinaryPrimitives.WriteInt64LittleEndian(id[8..], found.TopicId.LeastSignificantBits);
        return BinaryPrimitives.ReadInt32LittleEndian(id) ^ BinaryPrimitives.ReadInt32LittleEndian(id[8..]);
    }

    /// <summary>Where reading begins.</summary>
    /// <exception cref="LostPositionException">The partition does not hold the offset.</exception>
    internal async Task<long> StartAsync(TopicPartition partition, StreamPosition position, CancellationToken cancellationToken)
    {
        var found = (await _offsets.FindAsync(partition.Topic, [partition.Partition.Value], position, cancellationToken))[partition.Partition.Value];
        if (position is not StreamPosition.At) return found;
        var range = (await _offsets.RangesAsync(partition.Topic, [partition.Partition.Value], cancellationToken))[0];
        return found < range.First || found > range.Next ? throw new LostPositionException(found, range) : found;
    }

    /// <summary>Why a partition could not be read on at an offset.</summary>
    internal async Task<Exception> LossAsync(TopicPartition partition, long wanted, int generation, CancellationToken cancellationToken)
    {
        var isAnew = await GenerationAsync(partition.Topic, cancellationToken) != generation;
        var range = (await _offsets.RangesAsync(partition.Topic, [partition.Partition.Value], cancellationToken))[0];
        // What is back by now, such as the end of a leader that was behind, is no loss.
        return isAnew || wanted < range.First || wanted > range.Next
            ? new LostPositionException(wanted, range, isAnew)
            : KafkaErrors.Unavailable($"{partition} could not be read at {wanted} for a moment");
    }

    internal async Task<long> LagAsync(TopicPartition partition, long next, CancellationToken cancellationToken)
    {
        var range = (await _offsets.RangesAsync(partition.Topic, [partition.Partition.Value], cancellationToken))[0];
        return GroupPosition.In(range, next).Lag;
    }

    private async Task<IStreamProducer> OpenProducerAsync(ProducingClient client, string topic, CancellationToken cancellationToken)
    {
        var partitions = await PartitionsAsync(topic, cancellationToken);
        return new KafkaProducer(client, topic, partitions.Count, await _topics.LargestMessageAsync(topic, cancellationToken), _options, _time);
    }

    private static async Task<StreamBatch?> NextAsync(PartitionFetch fetch, CancellationToken cancellationToken)
    {
        try
        {
            return await fetch.ReadAsync(cancellationToken);
        }
        catch (PositionGoneException)
        {
            return null;
        }
    }

    private async Task<List<int>> PartitionsAsync(string topic, CancellationToken cancellationToken) =>
        (await _topics.DescribeAsync(topic, cancellationToken) ?? throw new UnknownTopicException(topic)).Partitions.ConvertAll(p => p.Partition);
}
