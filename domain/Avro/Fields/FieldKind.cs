namespace Conductor.Domain.Avro.Fields;

/// <summary>What a field turned out to hold.</summary>
public enum FieldKind : byte
{
    /// <summary>Nothing: null, or inside a value that is null, or a field that the writer does not have.</summary>
    Null,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>32 bits.</summary>
    Int,

    /// <summary>64 bits.</summary>
    Long,

    /// <summary>Single precision.</summary>
    Float,

    /// <summary>Double precision.</summary>
    Double,

    /// <summary>Bytes, or a fixed.</summary>
    Bytes,

    /// <summary>Text in UTF-8.</summary>
    Text,

    /// <summary>A symbol.</summary>
    Symbol,

    /// <summary>A record, an array or a map: its bytes as they are.</summary>
    Encoded,
}
