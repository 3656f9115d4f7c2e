namespace Conductor.Domain.Streams.Brokers;

/// <summary>Under which names positions and origins know the topics of several brokers.</summary>
public static class SourceNames
{
    // What was stored before there was a second broker has the topic's name alone.
    private const string First = "rabbitmq";

    /// <summary>A topic's name among those of all brokers; a slash occurs in no name of a topic.</summary>
    public static string OfTopic(string broker, string topic) => broker == First ? topic : $"{broker}/{topic}";
}
