namespace Conductor.Contracts;

/// <summary>How an address of the bus is written.</summary>
public static class BusAddress
{
    /// <summary>Scheme of the addresses of topics.</summary>
    public const string TopicScheme = "topic";

    /// <summary>
    /// Where to send to a queue: its exchange. A <c>queue:</c> address would declare the queue, and without the receiver's arguments, which the
    /// broker refuses.
    /// </summary>
    /// <param name="queue">Name of the queue, perhaps with a query such as <c>?type=fanout</c>.</param>
    public static Uri Of(string queue) => new($"exchange:{queue}");

    /// <summary>Where to produce to a topic.</summary>
    public static Uri OfTopic(string topic) => new($"{TopicScheme}:{topic}");

    /// <summary>The topic of an address of <see cref="OfTopic"/>.</summary>
    /// <exception cref="ArgumentException">It is no address of a topic.</exception>
    public static string TopicOf(Uri address) => address.IsAbsoluteUri && address.Scheme == TopicScheme && address.AbsolutePath.Length > 0
        ? address.AbsolutePath
        : throw new ArgumentException($"'{address}' is not the address of a topic: {TopicScheme}:NAME", nameof(address));
}
