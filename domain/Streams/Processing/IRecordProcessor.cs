namespace Conductor.Domain.Streams.Processing;

/// <summary>What a processor says of a record.</summary>
public enum ProcessorAnswer
{
    /// <summary>The next processor is asked; after the last one the record goes to the sinks.</summary>
    Pass,
    /// <summary>The record leaves the list: no further processor sees it, and no sink.</summary>
    Skip,
}

/// <summary>One step of a processing node. Keeps no state between records.</summary>
public interface IRecordProcessor
{
    /// <summary>Paths of the fields that it looks at, such as <c>candidate.ssnamenr</c>.</summary>
    IReadOnlyList<string> Fields { get; }

    /// <summary>
    /// The answer for a tombstone, a record without a value. Unless this says otherwise it passes, so that all behind learn that the key's value is no more.
    /// </summary>
    ProcessorAnswer Tombstone => ProcessorAnswer.Pass;

    /// <summary>Answers for one record.</summary>
    /// <param name="values">Values of <see cref="Fields"/>, in that order.</param>
    ProcessorAnswer Process(ReadOnlySpan<FieldValue> values);
}

/// <summary>Reads the wanted fields of a packet, without building the rest.</summary>
public interface IPacketReader
{
    /// <summary>Checks the packet's structure to its end and reads the fields that the reader was made for.</summary>
    /// <param name="packet">One encoded record.</param>
    /// <param name="values">Receives a value per field; text points into the packet.</param>
    /// <exception cref="BadRecordException">The packet cannot be decoded.</exception>
    void Read(ReadOnlyMemory<byte> packet, Span<FieldValue> values);
}

/// <summary>A record that cannot be decoded, now or ever. It goes to the dead letters with its original bytes.</summary>
/// <param name="reason">What is wrong, for people.</param>
/// <param name="position">Byte position in the record where it shows.</param>
/// <param name="inner">What the decoder threw.</param>
public sealed class BadRecordException(string reason, long position, Exception? inner = null) : Exception(reason, inner)
{
    /// <summary>Byte position in the record where it shows.</summary>
    public long Position { get; } = position;
}
