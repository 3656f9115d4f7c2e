namespace Conductor.Domain.Avro.Data;

/// <summary>A value as objects: for display, for tests and for what is made rather than passed on. Streams read with compiled programs instead.</summary>
public abstract record AvroValue
{
    private protected AvroValue()
    {
    }

    /// <summary>The one null.</summary>
    public static AvroValue Null { get; } = new AvroNull();
}

/// <summary>Nothing.</summary>
public sealed record AvroNull : AvroValue
{
    internal AvroNull()
    {
    }
}

/// <summary>true or false.</summary>
public sealed record AvroBoolean(bool Value) : AvroValue;

/// <summary>An int or a long.</summary>
public sealed record AvroInteger(long Value) : AvroValue;

/// <summary>A float.</summary>
public sealed record AvroFloat(float Value) : AvroValue;

/// <summary>A double.</summary>
public sealed record AvroDouble(double Value) : AvroValue;

/// <summary>Bytes or a fixed.</summary>
public sealed record AvroBytes(ReadOnlyMemory<byte> Value) : AvroValue;

/// <summary>A string, or the symbol of an enum.</summary>
public sealed record AvroText(string Value) : AvroValue;

/// <summary>A record: its fields' values in the schema's order.</summary>
public sealed record AvroRecord(IReadOnlyList<AvroValue> Fields) : AvroValue;

/// <summary>An array.</summary>
public sealed record AvroArray(IReadOnlyList<AvroValue> Items) : AvroValue;

/// <summary>A map, in the order of its data.</summary>
public sealed record AvroMap(IReadOnlyList<KeyValuePair<string, AvroValue>> Entries) : AvroValue;

/// <summary>A union: which branch, and its value.</summary>
public sealed record AvroUnion(int Branch, AvroValue Value) : AvroValue;
