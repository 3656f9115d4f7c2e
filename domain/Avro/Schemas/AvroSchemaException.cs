namespace Conductor.Domain.Avro.Schemas;

/// <summary>A text that is not an Avro schema, with the place of the fault.</summary>
public sealed class AvroSchemaException : Exception
{
    private const int Longest = 500;

    /// <summary>Tells what is wrong at which place of the schema's JSON.</summary>
    public AvroSchemaException(string path, string fault, Exception? inner = null)
        : base($"{path}: {Shown(fault)}", inner)
    {
        Path = path;
        Fault = Shown(fault);
    }

    /// <summary>Where, as a JSON path: <c>$.fields[2].type</c>.</summary>
    public string Path { get; }

    /// <summary>What is wrong there, in at most 500 characters: it may quote what others wrote.</summary>
    public string Fault { get; }

    private static string Shown(string fault) => fault.Length <= Longest ? fault : string.Concat(fault.AsSpan(0, Longest - 3), "...");
}
