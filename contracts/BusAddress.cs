namespace Conductor.Contracts;

/// <summary>How an address of the bus is written.</summary>
public static class BusAddress
{
    /// <summary>
    /// Where to send to a queue: its exchange. A <c>queue:</c> address would declare the queue, and without the receiver's arguments, which the
    /// broker refuses.
    /// </summary>
    /// <param name="queue">Name of the queue, perhaps with a query such as <c>?type=fanout</c>.</param>
    public static Uri Of(string queue) => new($"exchange:{queue}");
}
