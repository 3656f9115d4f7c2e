using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Domain.Streams.Brokers;

/// <summary>
/// Port to a log of partitioned topics (Kafka, RabbitMQ streams). A method that cannot reach the broker or its store throws
/// <see cref="StreamUnavailableException"/>; the caller backs off and tries again.
/// </summary>
public interface IStreamBroker
{
    /// <summary>What definitions, metrics and people call it: <c>kafka</c>, <c>rabbitmq</c>.</summary>
    string Name { get; }

    /// <summary>What of a topic this broker cannot do, for people; null when it can do all of it.</summary>
    string? RefusalOf(TopicSpecification topic);

    /// <summary>
    /// Creates a topic where it does not exist yet, or what of it was deleted; adds partitions where it has fewer. Never removes partitions, and
    /// leaves the retention of an existing topic as it is (<see cref="TopicSpecification.RefusalOf"/>).
    /// </summary>
    /// <returns>The topic as it is now.</returns>
    /// <exception cref="InvalidOperationException">The broker cannot do it (<see cref="RefusalOf"/>), or its own rules forbid it.</exception>
    Task<TopicSpecification> EnsureTopicAsync(TopicSpecification topic, CancellationToken cancellationToken);

    /// <summary>The topic as it is, or null when there is none of that name.</summary>
    Task<TopicSpecification?> FindTopicAsync(string topic, CancellationToken cancellationToken);

    /// <summary>The topic as it is, whatever is asked for; made as it is asked for when there is none.</summary>
    async Task<TopicSpecification> FindOrMakeTopicAsync(TopicSpecification topic, CancellationToken cancellationToken) =>
        await FindTopicAsync(topic.Name, cancellationToken) ?? await EnsureTopicAsync(topic, cancellationToken);

    /// <summary>All topics by name, but the broker's own.</summary>
    Task<IReadOnlyList<TopicSpecification>> TopicsAsync(CancellationToken cancellationToken);

    /// <summary>Deletes a topic with its records and the positions of its groups; nothing happens when there is none.</summary>
    Task DeleteTopicAsync(string topic, CancellationToken cancellationToken);

    /// <summary>Opens a producer for an existing topic.</summary>
    /// <exception cref="UnknownTopicException">There is no such topic.</exception>
    Task<IStreamProducer> OpenProducerAsync(string topic, CancellationToken cancellationToken);

    /// <summary>Joins a group of consumers: each partition of the topic is read by one member of the group at a time.</summary>
    /// <exception cref="UnknownTopicException">There is no such topic.</exception>
    Task<IRecordSource> SubscribeAsync(Subscription subscription, CancellationToken cancellationToken);

    /// <summary>Reads a partition outside any group, waiting for new records at its end until cancelled.</summary>
    /// <exception cref="UnknownTopicException">There is no such topic or partition.</exception>
    IAsyncEnumerable<StreamBatch> ReadAsync(string topic, int partition, StreamPosition from, CancellationToken cancellationToken);

    /// <summary>First and next offset of every partition, in partition order.</summary>
    /// <exception cref="UnknownTopicException">There is no such topic.</exception>
    Task<IReadOnlyList<PartitionRange>> RangesAsync(string topic, CancellationToken cancellationToken);

    /// <summary>The groups that have members or positions in a topic, by name.</summary>
    /// <exception cref="UnknownTopicException">There is no such topic.</exception>
    Task<IReadOnlyList<GroupSummary>> GroupsAsync(string topic, CancellationToken cancellationToken);

    /// <summary>How far a group is, per partition; a group that never committed is at the first offset.</summary>
    /// <exception cref="UnknownTopicException">There is no such topic.</exception>
    Task<IReadOnlyList<GroupPosition>> PositionsAsync(string topic, string group, CancellationToken cancellationToken);

    /// <summary>Moves a group without live members to another position, in every partition.</summary>
    /// <exception cref="InvalidOperationException">The group has live members.</exception>
    Task SeekAsync(string topic, string group, StreamPosition position, CancellationToken cancellationToken);

    /// <summary>Forgets the positions of a group without live members in a topic; nothing happens when there are none.</summary>
    Task ForgetGroupAsync(string topic, string group, CancellationToken cancellationToken);
}
