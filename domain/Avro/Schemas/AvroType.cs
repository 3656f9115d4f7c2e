namespace Conductor.Domain.Avro.Schemas;

/// <summary>The types of Avro 1.12, chapter "Schema Declaration"; <c>error</c> counts as a record.</summary>
public enum AvroType
{
    /// <summary>No bytes.</summary>
    Null,

    /// <summary>One byte, 0 or 1.</summary>
    Boolean,

    /// <summary>32 bits, zig-zag, variable length.</summary>
    Int,

    /// <summary>64 bits, zig-zag, variable length.</summary>
    Long,

    /// <summary>4 bytes, IEEE 754, little-endian.</summary>
    Float,

    /// <summary>8 bytes, IEEE 754, little-endian.</summary>
    Double,

    /// <summary>A long, then that many bytes.</summary>
    Bytes,

    /// <summary>A long, then that many bytes of UTF-8.</summary>
    String,

    /// <summary>Its fields, one after the other.</summary>
    Record,

    /// <summary>The index of a symbol as an int.</summary>
    Enum,

    /// <summary>Blocks of items, ended by an empty block.</summary>
    Array,

    /// <summary>Blocks of string keys and values, ended by an empty block.</summary>
    Map,

    /// <summary>The index of a branch as a long, then a value of that branch.</summary>
    Union,

    /// <summary>As many bytes as the schema says.</summary>
    Fixed,
}
