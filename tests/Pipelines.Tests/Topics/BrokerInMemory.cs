using System.Runtime.CompilerServices;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Pipelines.Tests.Topics;

/// <summary>Topics of one partition, to look at; a broker that is away has a reason.</summary>
internal sealed class BrokerInMemory(string name) : IStreamBroker
{
    private readonly List<StreamRecord> _records = [];

    public string Name => name;

    public string? Away { get; set; }

    /// <summary>Never answers.</summary>
    public bool IsSilent { get; set; }

    /// <summary>How often it was asked for ranges.</summary>
    public int Asked { get; private set; }

    public long First { get; init; }

    public void Add(IEnumerable<StreamRecord> records)
    {
        foreach (var record in records) _records.Add(record with { Offset = First + _records.Count });
    }

    public Task<IReadOnlyList<TopicSpecification>> TopicsAsync(CancellationToken cancellationToken) =>
        AnswerAsync<IReadOnlyList<TopicSpecification>>([new($"{name}.x"), new("y")], cancellationToken);

    public Task<IReadOnlyList<PartitionRange>> RangesAsync(string topic, CancellationToken cancellationToken)
    {
        Asked++;
        return AnswerAsync<IReadOnlyList<PartitionRange>>([new(0, First, First + _records.Count)], cancellationToken);
    }

    public Task<IReadOnlyList<GroupSummary>> GroupsAsync(string topic, CancellationToken cancellationToken) =>
        AnswerAsync<IReadOnlyList<GroupSummary>>([new("g", 2)], cancellationToken);

    public Task<IReadOnlyList<GroupPosition>> PositionsAsync(string topic, string group, CancellationToken cancellationToken) =>
        AnswerAsync<IReadOnlyList<GroupPosition>>([new(0, First, _records.Count)], cancellationToken);

    public async IAsyncEnumerable<StreamBatch> ReadAsync(
        string topic, int partition, StreamPosition from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var builder = new StreamBatchBuilder();
        foreach (var record in _records.Where(r => r.Offset >= ((StreamPosition.At)from).Offset))
        {
            builder.Add(record);
            yield return builder.Build();
        }
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public Task<TopicSpecification?> FindTopicAsync(string topic, CancellationToken cancellationToken) => throw new NotSupportedException();

    public string? RefusalOf(TopicSpecification topic) => throw new NotSupportedException();

    public Task<TopicSpecification> EnsureTopicAsync(TopicSpecification topic, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DeleteTopicAsync(string topic, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IStreamProducer> OpenProducerAsync(string topic, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IRecordSource> SubscribeAsync(Subscription subscription, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SeekAsync(string topic, string group, StreamPosition position, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ForgetGroupAsync(string topic, string group, CancellationToken cancellationToken) => throw new NotSupportedException();

    private async Task<T> AnswerAsync<T>(T answer, CancellationToken cancellationToken)
    {
        if (IsSilent) await Task.Delay(Timeout.Infinite, cancellationToken);
        return Away is null ? answer : throw new StreamUnavailableException(Away);
    }
}
