using System.Text.Json;

namespace Conductor.Domain.Avro.Schemas;

/// <summary>A parsed schema. Immutable and safe to share between threads; one object may occur in several places, and records may contain themselves.</summary>
public abstract class AvroSchema
{
    private protected AvroSchema(AvroType type, IReadOnlyDictionary<string, JsonElement>? annotations)
    {
        Type = type;
        Annotations = annotations ?? EmptyAnnotations;
    }

    private static readonly IReadOnlyDictionary<string, JsonElement> EmptyAnnotations = new Dictionary<string, JsonElement>();

    /// <summary>The kind of value that it describes.</summary>
    public AvroType Type { get; }

    /// <summary>
    /// Every property that is not part of the type itself, as written: <c>doc</c>, <c>logicalType</c>, <c>precision</c>, <c>connect.name</c> ...
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Annotations { get; }

    /// <summary>The logical type's name, or null. It never changes how bytes are read here.</summary>
    public string? LogicalType =>
        Annotations.TryGetValue("logicalType", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Name by which a union's branch is known: the full name of a named type, else the type in lower case.</summary>
    public virtual string BranchName => Type.ToString().ToLowerInvariant();

    /// <summary>
    /// The size of every value in bytes, or -1 where it varies. Known when the schema has been read, so that its cost does not grow with how often records
    /// name each other. A record inside itself varies.
    /// </summary>
    internal abstract int FixedSize { get; }

    /// <summary>The least number of bytes that a value takes, or less; guards against announced counts that cannot be true.</summary>
    internal abstract int LeastSize { get; }

    /// <summary>Reads a schema from its JSON text: at most 1,048,576 characters, nested 256 deep, with names of at most 512 characters.</summary>
    /// <exception cref="AvroSchemaException">The text is no JSON, no valid schema, or beyond these limits; names the place.</exception>
    public static AvroSchema Parse(string json) => SchemaParser.Parse(json, lenient: false);

    /// <summary>Reads a schema that data have been written with already.</summary>
    /// <exception cref="AvroSchemaException">As <see cref="Parse"/>.</exception>
    internal static AvroSchema ParseWritten(string json) => SchemaParser.Parse(json, lenient: true);

    /// <summary>The "Parsing Canonical Form" of the specification: what matters to a reader of data and nothing else.</summary>
    public string ToCanonicalForm() => CanonicalForm.Write(this);

    /// <summary>CRC-64-AVRO of the canonical form.</summary>
    public ulong Fingerprint() => SchemaFingerprint.Of(this);
}

/// <summary>null, boolean, int, long, float, double, bytes or string.</summary>
public sealed class PrimitiveSchema : AvroSchema
{
    internal PrimitiveSchema(AvroType type, IReadOnlyDictionary<string, JsonElement>? annotations = null)
        : base(type, annotations)
    {
    }

    internal override int FixedSize => Type switch
    {
        AvroType.Null => 0,
        AvroType.Boolean => 1,
        AvroType.Float => sizeof(float),
        AvroType.Double => sizeof(double),
        _ => -1,
    };

    internal override int LeastSize => FixedSize < 0 ? 1 : FixedSize;
}

/// <summary>A sequence of items of one type.</summary>
public sealed class ArraySchema : AvroSchema
{
    internal ArraySchema(AvroSchema items, IReadOnlyDictionary<string, JsonElement> annotations)
        : base(AvroType.Array, annotations) => Items = items;

    /// <summary>Type of every item.</summary>
    public AvroSchema Items { get; }

    internal override int FixedSize => -1;

    internal override int LeastSize => 1;
}

/// <summary>Values of one type under string keys.</summary>
public sealed class MapSchema : AvroSchema
{
    internal MapSchema(AvroSchema values, IReadOnlyDictionary<string, JsonElement> annotations)
        : base(AvroType.Map, annotations) => Values = values;

    /// <summary>Type of every value.</summary>
    public AvroSchema Values { get; }

    internal override int FixedSize => -1;

    internal override int LeastSize => 1;

    /// <summary>The least number of bytes that an entry takes: its key's length, then the value.</summary>
    internal int LeastEntrySize => 1 + Math.Min(Values.LeastSize, int.MaxValue - 1);
}

/// <summary>One of several types; data tell which.</summary>
public sealed class UnionSchema : AvroSchema
{
    internal UnionSchema(IReadOnlyList<AvroSchema> branches)
        : base(AvroType.Union, annotations: null)
    {
        Branches = branches;
        LeastSize = 1 + (branches.Count == 0 ? 0 : Math.Min(branches.Min(branch => branch.LeastSize), int.MaxValue - 1));
    }

    /// <summary>The types in the order in which data number them.</summary>
    public IReadOnlyList<AvroSchema> Branches { get; }

    internal override int FixedSize => -1;

    internal override int LeastSize { get; }

    /// <summary>Index of the branch of that name (<see cref="AvroSchema.BranchName"/>), or -1.</summary>
    public int IndexOf(string branchName)
    {
        for (var i = 0; i < Branches.Count; i++)
        {
            if (Branches[i].BranchName == branchName) return i;
        }

        return -1;
    }
}
