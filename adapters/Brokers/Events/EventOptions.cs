namespace Conductor.Brokers.Events;

/// <summary>Configuration section <c>Events</c>: the topics of the platform's own events.</summary>
public sealed class EventOptions
{
    /// <summary>Whether they are produced. Default: yes.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary><c>kafka</c> or <c>rabbitmq</c>. Default: Kafka where the platform has one.</summary>
    public string? Broker { get; set; }

    /// <summary>Partitions of a topic that is made. Default 3.</summary>
    public int Partitions { get; set; } = 3;

    /// <summary>How long the records of a topic that is made are kept. Default 7 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Bytes of a partition, beyond which the oldest records of a topic that is made may go. Default: no limit but the age.</summary>
    public long? MaxBytes { get; set; }
}
