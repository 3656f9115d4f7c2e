namespace Conductor.Domain.Streams.Records;

/// <summary>
/// One record of a topic or another source. Key and value point into the buffers of the <see cref="StreamBatch"/> that it came
/// in and are valid until that batch is disposed.
/// </summary>
public readonly record struct StreamRecord
{
    /// <summary>Decides the partition; empty when the producer left the choice to the broker.</summary>
    public ReadOnlyMemory<byte> Key { get; init; }
    /// <summary>The payload, byte for byte as it was produced. Empty is a tombstone: the key's value is no more.</summary>
    public required ReadOnlyMemory<byte> Value { get; init; }
    /// <summary>Whether there is no value at all, as in Kafka's tombstones, which is more than an empty one; <see cref="Value"/> is empty then.</summary>
    public bool IsNull { get; init; }
    /// <summary>Headers in the producer's order.</summary>
    public IReadOnlyList<RecordHeader> Headers { get => field ?? []; init; }
    /// <summary>Partition that it was read from; ignored when producing.</summary>
    public int Partition { get; init; }
    /// <summary>Position in its partition; grows, but may have gaps. Ignored when producing.</summary>
    public long Offset { get; init; }
    /// <summary>When it was produced, in milliseconds; the default where nobody said. Set by the producer when left out.</summary>
    public DateTimeOffset Timestamp { get; init; }
    /// <summary>Why the source could not read it as it should, or null. Such a record goes to the dead letters, with what there is of it.</summary>
    public string? Fault { get; init; }
}

/// <summary>A header of a record.</summary>
/// <param name="Name">Name; unique in its record, unless the broker it came from lets names occur more than once.</param>
/// <param name="Value">Bytes; text is UTF-8.</param>
public readonly record struct RecordHeader(string Name, ReadOnlyMemory<byte> Value)
{
    private const int LongestSaid = 2048;

    /// <summary>The <see cref="Typed"/> of a header that has a name only.</summary>
    public static readonly object NoValue = new();

    /// <summary>
    /// The value as its broker has it, where that is not text: a number, a boolean, a time, a table. It is given back to the broker as it is;
    /// <see cref="Value"/> holds it as text.
    /// </summary>
    public object? Typed { get; init; }

    /// <summary>The value read as UTF-8.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Value.Span);

    /// <summary>A header with a text value.</summary>
    public static RecordHeader Of(string name, string text) => new(name, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>A header for people, cut behind 2,048 characters: it may quote what others wrote, and a broker takes headers up to a size only.</summary>
    public static RecordHeader Said(string name, string text) =>
        Of(name, text.Length <= LongestSaid ? text : string.Concat(text.AsSpan(0, LongestSaid - 3), "..."));
}
