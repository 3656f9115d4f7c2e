namespace Conductor.Domain.Avro.Data;

/// <summary>Bytes that are not what their schema or their container promises: corrupt, truncated, or written with another schema.</summary>
public sealed class AvroDataException : Exception
{
    /// <summary>Tells what is wrong at which byte.</summary>
    public AvroDataException(string fault, long offset, Exception? inner = null)
        : base($"{fault} (at byte {offset})", inner)
    {
        Fault = fault;
        Offset = offset;
    }

    /// <summary>What is wrong, without the position.</summary>
    public string Fault { get; }

    /// <summary>Offset of the first byte that could not be used; counted from the start of the datum, or of the container file where one is read
    /// (inside a compressed block: from the start of the decompressed block, which the message says).</summary>
    public long Offset { get; }
}
