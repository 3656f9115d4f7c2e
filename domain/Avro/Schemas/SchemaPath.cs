namespace Conductor.Domain.Avro.Schemas;

/// <summary>A place in a schema's JSON; the text is made only when an error needs it.</summary>
internal sealed class SchemaPath
{
    public static readonly SchemaPath Root = new(parent: null, "$");
    private readonly SchemaPath? _parent;
    private readonly string _step;

    private SchemaPath(SchemaPath? parent, string step)
    {
        _parent = parent;
        _step = step;
    }

    public SchemaPath Property(string name) => new(this, "." + name);

    public SchemaPath Item(int index) => new(this, $"[{index}]");

    public AvroSchemaException Fault(string fault) => new(ToString(), fault);

    public override string ToString() => _parent + _step;
}
