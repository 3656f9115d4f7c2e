using System.Text.Json;

namespace Conductor.Domain.Avro.Schemas;

/// <summary>A record, an enum or a fixed: a type that other places can name.</summary>
public abstract class NamedSchema : AvroSchema
{
    private protected NamedSchema(AvroType type, string fullName, IReadOnlyList<string> aliases, IReadOnlyDictionary<string, JsonElement> annotations)
        : base(type, annotations)
    {
        FullName = fullName;
        Aliases = aliases;
    }

    /// <summary>Name with its namespace, if it has one.</summary>
    public string FullName { get; }

    /// <summary>Other full names by which readers may know it.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <inheritdoc/>
    public override string BranchName => FullName;
}

/// <summary>Named fields in a fixed order.</summary>
public sealed class RecordSchema : NamedSchema
{
    private int _fixedSize = -1;
    private int _leastSize;

    internal RecordSchema(string fullName, IReadOnlyList<string> aliases, IReadOnlyDictionary<string, JsonElement> annotations, bool isError)
        : base(AvroType.Record, fullName, aliases, annotations) => IsError = isError;

    /// <summary>The fields in the order in which data hold them.</summary>
    public IReadOnlyList<RecordField> Fields { get; private set; } = [];

    internal override int FixedSize => _fixedSize;

    internal override int LeastSize => _leastSize;

    /// <summary>Whether it was declared as an <c>error</c>.</summary>
    public bool IsError { get; }

    /// <summary>Ends the declaration: while it lasts the record is one of unknown size, which is what a record inside itself remains.</summary>
    internal void Complete(IReadOnlyList<RecordField> fields)
    {
        Fields = fields;
        var (least, size, varies) = (0L, 0L, false);
        foreach (var field in fields)
        {
            least += field.Schema.LeastSize;
            size += field.Schema.FixedSize;
            varies |= field.Schema.FixedSize < 0;
        }

        _leastSize = (int)Math.Min(least, int.MaxValue);
        _fixedSize = varies || size > int.MaxValue ? -1 : (int)size;
    }

    /// <summary>The field of that name, or null.</summary>
    public RecordField? Find(string name)
    {
        foreach (var field in Fields)
        {
            if (field.Name == name) return field;
        }

        return null;
    }
}

/// <summary>One field of a record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Position">Its place in the record, from 0.</param>
/// <param name="Schema">Type of its values.</param>
/// <param name="Default">The default as written (bytes as ISO-8859-1 text), or null where there is none; a default of null is a JSON null.</param>
/// <param name="Aliases">Names by which older data may know it.</param>
/// <param name="Annotations">Every other property as written: <c>doc</c>, <c>order</c> ...</param>
public sealed record RecordField(
    string Name,
    int Position,
    AvroSchema Schema,
    JsonElement? Default,
    IReadOnlyList<string> Aliases,
    IReadOnlyDictionary<string, JsonElement> Annotations);

/// <summary>One of a list of symbols.</summary>
public sealed class EnumSchema : NamedSchema
{
    internal EnumSchema(
        string fullName, IReadOnlyList<string> aliases, IReadOnlyDictionary<string, JsonElement> annotations, IReadOnlyList<string> symbols, string? fallback)
        : base(AvroType.Enum, fullName, aliases, annotations)
    {
        Symbols = symbols;
        Default = fallback;
    }

    /// <summary>The symbols in the order in which data number them.</summary>
    public IReadOnlyList<string> Symbols { get; }

    /// <summary>Symbol for a reader that meets an unknown one, or null.</summary>
    public string? Default { get; }

    internal override int FixedSize => -1;

    internal override int LeastSize => 1;
}

/// <summary>A number of bytes that never changes.</summary>
public sealed class FixedSchema : NamedSchema
{
    internal FixedSchema(string fullName, IReadOnlyList<string> aliases, IReadOnlyDictionary<string, JsonElement> annotations, int size)
        : base(AvroType.Fixed, fullName, aliases, annotations) => Size = size;

    /// <summary>That number.</summary>
    public int Size { get; }

    internal override int FixedSize => Size;

    internal override int LeastSize => Size;
}
