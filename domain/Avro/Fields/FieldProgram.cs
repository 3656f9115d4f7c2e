using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Schemas;

namespace Conductor.Domain.Avro.Fields;

/// <summary>How far a program reads.</summary>
public enum DatumExtent
{
    /// <summary>Up to the last wanted field: the fastest, and blind to what follows.</summary>
    LastWantedField,

    /// <summary>To the end of the datum: finds where the next one begins, and corrupt lengths anywhere.</summary>
    Whole,
}

/// <summary>
/// Reads chosen fields of datums written with one schema. Compiled once into flat steps; passes over everything else without building it.
/// Immutable and safe to share between threads.
/// </summary>
public sealed class FieldProgram
{
    private readonly FieldCode _code;

    internal FieldProgram(IReadOnlyList<string> paths, IReadOnlyList<string> missing, FieldCode code)
    {
        Paths = paths;
        MissingPaths = missing;
        _code = code;
    }

    /// <summary>The wanted paths; a value's index is its path's.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Those that the writer's schema does not have, also where they go through what has no fields; their values are always null.</summary>
    public IReadOnlyList<string> MissingPaths { get; }

    /// <summary>Compiles a program for a writer's schema.</summary>
    /// <param name="writer">The schema that the data were written with.</param>
    /// <param name="paths">Field names joined by dots (<c>candidate.ssnamenr</c>), each once. Unions on the way are looked through; a record,
    /// array or map at the end gives its encoded bytes.</param>
    /// <param name="extent">How far each datum is read.</param>
    /// <exception cref="AvroSchemaException">The program would have more than 262,144 steps.</exception>
    public static FieldProgram Compile(AvroSchema writer, IReadOnlyList<string> paths, DatumExtent extent = DatumExtent.LastWantedField) =>
        new FieldCompiler(paths, extent).Compile(writer);

    /// <summary>Index of a path's value, or -1.</summary>
    public int IndexOf(string path)
    {
        for (var i = 0; i < Paths.Count; i++)
        {
            if (Paths[i] == path) return i;
        }

        return -1;
    }

    /// <summary>Reads one datum.</summary>
    /// <param name="datum">Its bytes; more may follow.</param>
    /// <param name="slots">Room for at least as many values as there are paths.</param>
    /// <param name="origin">Where the datum begins in what the reader of an error knows.</param>
    /// <exception cref="AvroDataException">The bytes do not fit the schema.</exception>
    public FieldValues Read(ReadOnlySpan<byte> datum, Span<FieldSlot> slots, long origin = 0)
    {
        slots = slots[..Paths.Count];
        slots.Clear();
        var reader = new AvroReader(datum, origin);
        var interpreter = new FieldInterpreter(_code, slots);
        interpreter.Run(ref reader, address: 0, depth: 0);
        return new FieldValues(this, datum, slots, reader.Position);
    }

    internal ReadOnlySpan<byte> Symbol(int table, int index) => _code.Symbols[table][index];
}
