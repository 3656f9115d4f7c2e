namespace Conductor.Domain.Streams.Records;

/// <summary>
/// One record of a topic or another source. Key and value point into the buffers of the <see cref="StreamBatch"/> that it came
/// in and are valid until that batch is disposed.
/// </summary>
public readonly record struct StreamRecord
{
    /// <summary>Decides the partition; empty when the producer left the choice to the broker.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }
    /// <summary>The payload, byte for byte as it was produced.</summary>
    public required ReadOnlyMemory<byte> Value { get; init; }
    /// <summary>Headers in the producer's order.</summary>
    public IReadOnlyList<RecordHeader> Headers { get => field ?? []; init; }
    /// <summary>Partition that it was read from; ignored when producing.</summary>
    public int Partition { get; init; }
    /// <summary>Position in its partition; grows, but may have gaps. Ignored when producing.</summary>
    public long Offset { get; init; }
    /// <summary>When it was produced, in milliseconds; set by the producer when left out.</summary>
    public DateTimeOffset Timestamp { get; init; }
}

/// <summary>A header of a record.</summary>
/// <param name="Name">Name; unique in its record.</param>
/// <param name="Value">Bytes; text is UTF-8.</param>
public readonly record struct RecordHeader(string Name, ReadOnlyMemory<byte> Value)
{
    /// <summary>The value read as UTF-8.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Value.Span);

    /// <summary>A header with a text value.</summary>
    public static RecordHeader Of(string name, string text) => new(name, System.Text.Encoding.UTF8.GetBytes(text));
}
