using Conductor.Domain.Streams.Brokers;
using Conductor.Brokers;
using Conductor.Pipelines.Topics;

namespace Conductor.Pipelines.Api;

/// <summary>The topics of all brokers, below <c>/api/topics</c>.</summary>
internal static class TopicEndpoints
{
    private const int LargestPage = 500;

    public static void MapTopics(this WebApplication app)
    {
        var api = app.MapGroup("/api/topics").WithTags("Topics");
        api.MapGet("/", ListAsync).Produces<TopicPage>().ProducesProblem(400).ProducesProblem(404);
        api.MapGet("/{broker}/{topic}", FindAsync).Produces<TopicDetail>().ProducesProblem(404).ProducesProblem(503);
        api.MapRecords();
    }

    private static async Task<IResult> ListAsync(
        string? broker, string? name, int? offset, int? limit, StreamBrokers brokers, CancellationToken cancellationToken)
    {
        if (Problems.OfPage(offset, limit, LargestPage) is { } problem) return problem;
        if (!string.IsNullOrEmpty(broker) && brokers.Find(broker) is null) return BrokerAnswers.NoBroker(brokers, broker);
        var asked = brokers.All.Where(b => string.IsNullOrEmpty(broker) || b.Name == broker);
        var listing = await TopicListing.OfAsync(asked, cancellationToken);
        var wanted = listing.Topics.Where(t => t.Topic.Name.Contains(name ?? "", StringComparison.OrdinalIgnoreCase)).ToList();
        return Results.Ok(new TopicPage(
            wanted.Count, [.. wanted.Skip(offset ?? 0).Take(limit ?? 100).Select(SummaryOf)], listing.Unavailable, [.. brokers.All.Select(b => b.Name)]));
    }

    private static Task<IResult> FindAsync(
        string broker, string topic, StreamBrokers brokers, TopicMeasurements measurements, CancellationToken cancellationToken) =>
        BrokerAnswers.OfAsync(brokers, broker, async found =>
        {
            var specification = await found.AskAsync(stop => found.FindTopicAsync(topic, stop), cancellationToken) ?? throw new UnknownTopicException(topic);
            return Results.Ok(DetailOf(found.Name, specification, await measurements.GetAsync(found, topic, cancellationToken)));
        });

    private static TopicSummary SummaryOf(ListedTopic listed) => new()
    {
        Broker = listed.Broker,
        Name = listed.Topic.Name,
        Partitions = listed.Topic.Partitions,
        Retention = listed.Topic.RetainFor,
        MaxBytes = listed.Topic.RetainBytes,
        Compacted = listed.Topic.IsCompacted,
    };

    private static TopicDetail DetailOf(string broker, TopicSpecification topic, TopicMeasurement measured) => new()
    {
        Broker = broker,
        Name = topic.Name,
        Partitions = topic.Partitions,
        Retention = topic.RetainFor,
        MaxBytes = topic.RetainBytes,
        Compacted = topic.IsCompacted,
        MeasuredAt = measured.At,
        Offsets = [.. measured.Ranges.Select(r => new PartitionOffsets(r.Partition, r.First, r.Next, r.Next - r.First))],
        Groups = [.. measured.Groups.Select(group => new GroupView(
            group.Name, group.Members, group.Positions.Sum(p => p.Lag), [.. group.Positions.Select(p => new GroupOffset(p.Partition, p.Next, p.Lag))]))],
    };
}
