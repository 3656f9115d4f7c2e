namespace Conductor.Contracts;

/// <summary>
/// An event of which there are very many. It travels on a topic, not through queues: on Kafka where the platform has one, on RabbitMQ's streams otherwise.
/// Whoever consumes it reads the topic from where it likes, as often as it likes, and never slows down who wrote it. At least once; in order per key.
/// </summary>
public interface IHighVolumeEvent
{
    /// <summary>The topic of all events of this type.</summary>
    static abstract string Topic { get; }

    /// <summary>Events with one key keep their order.</summary>
    string Key { get; }
}
