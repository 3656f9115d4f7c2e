namespace Conductor.Domain.Avro.Schemas;

/// <summary>A text that is not an Avro schema, with the place of the fault.</summary>
public sealed class AvroSchemaException : Exception
{
    /// <summary>Tells what is wrong at which place of the schema's JSON.</summary>
    public AvroSchemaException(string path, string fault, Exception? inner = null)
        : base($"{path}: {fault}", inner)
    {
        Path = path;
        Fault = fault;
    }

    /// <summary>Where, as a JSON path: <c>$.fields[2].type</c>.</summary>
    public string Path { get; }

    /// <summary>What is wrong there.</summary>
    public string Fault { get; }
}
