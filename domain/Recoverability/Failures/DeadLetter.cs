namespace Conductor.Domain.Recoverability.Failures;

/// <summary>A dead letter as a queue held it.</summary>
public sealed record DeadLetter
{
    /// <summary>The queue that it lay in.</summary>
    public required string Queue { get; init; }
    /// <summary>The sender's id of the message, where it gave one.</summary>
    public string? MessageId { get; init; }
    /// <summary>Media type of the body, where the sender told.</summary>
    public string? ContentType { get; init; }
    /// <summary>The properties of the message that are no headers, by their AMQP names (<c>correlation-id</c>, <c>priority</c>, …).</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    /// <summary>All headers, in the order in which they came.</summary>
    public IReadOnlyList<MessageHeader> Headers { get; init; } = [];
    /// <summary>The original bytes.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The text of a header, or null.</summary>
    public string? Header(string name)
    {
        foreach (var header in Headers)
            if (string.Equals(header.Name, name, StringComparison.Ordinal)) return header.Text;
        return null;
    }
}
