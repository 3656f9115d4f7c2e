using Conductor.Domain.Streams.Brokers;

namespace Conductor.Pipelines.Topics;

/// <summary>The topics of brokers by name, and which of the brokers did not tell theirs.</summary>
internal sealed record TopicListing(IReadOnlyList<ListedTopic> Topics, IReadOnlyDictionary<string, string> Unavailable)
{
    /// <summary>Asks all of them at once.</summary>
    public static async Task<TopicListing> OfAsync(IEnumerable<IStreamBroker> brokers, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(brokers.Select(broker => AskAsync(broker, cancellationToken)));
        return new(
            [.. answers.SelectMany(answer => answer.Topics).OrderBy(t => t.Topic.Name, StringComparer.Ordinal).ThenBy(t => t.Broker, StringComparer.Ordinal)],
            answers.SelectMany(answer => answer.Unavailable).ToDictionary(away => away.Key, away => away.Value));
    }

    private static async Task<TopicListing> AskAsync(IStreamBroker broker, CancellationToken cancellationToken)
    {
        try
        {
            var topics = await broker.AskAsync(broker.TopicsAsync, cancellationToken);
            return new([.. topics.Select(topic => new ListedTopic(broker.Name, topic))], new Dictionary<string, string>());
        }
        catch (StreamUnavailableException e)
        {
            return new([], new Dictionary<string, string> { [broker.Name] = e.Message });
        }
    }
}

/// <summary>A topic and the broker that has it.</summary>
internal sealed record ListedTopic(string Broker, TopicSpecification Topic);
