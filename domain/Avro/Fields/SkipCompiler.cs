using Conductor.Domain.Avro.Schemas;

namespace Conductor.Domain.Avro.Fields;

/// <summary>Compiles passing over values. Records and items become routines, written once however often they occur.</summary>
internal sealed class SkipCompiler(FieldEmitter emitter)
{
    private readonly Dictionary<Routine, int> _routines = [];
    private readonly Queue<Routine> _pending = [];
    private readonly List<(int Step, Routine Routine)> _calls = [];

    /// <summary>Passes over one value of the schema, or over one entry of it where it is a map.</summary>
    private readonly record struct Routine(AvroSchema Schema, bool IsEntry);

    public void Skip(AvroSchema schema)
    {
        switch (schema)
        {
            // Without a call: records that double down to nothing would be walked through 2^depth times.
            case RecordSchema { FixedSize: >= 0 and var size }: emitter.Count(FieldOperation.SkipBytes, size); break;
            case RecordSchema record: Call(FieldOperation.Call, new Routine(record, IsEntry: false), 0); break;
            case UnionSchema union: SkipUnion(union); break;
            case ArraySchema array: SkipItems(array.Items); break;
            case MapSchema map: Call(FieldOperation.SkipBlocks, new Routine(map, IsEntry: true), map.LeastEntrySize); break;
            case FixedSchema or EnumSchema or PrimitiveSchema: SkipSimple(schema); break;
        }
    }

    /// <summary>Writes the routines that have been called so far, and those that they call.</summary>
    public void Finish()
    {
        while (_pending.TryDequeue(out var routine))
        {
            _routines[routine] = emitter.Label();
            Body(routine);
            emitter.Emit(FieldOperation.Return);
        }

        foreach (var (step, called) in _calls) emitter.Target(step, _routines[called]);
    }

    private void Body(Routine routine)
    {
        switch (routine.Schema)
        {
            case RecordSchema record:
                foreach (var field in record.Fields) Skip(field.Schema);
                break;
            case MapSchema map when routine.IsEntry:
                emitter.Count(FieldOperation.SkipSized, 1);
                Skip(map.Values);
                break;
            default:
                Skip(routine.Schema);
                break;
        }
    }

    private void SkipSimple(AvroSchema schema)
    {
        var size = schema.FixedSize;
        if (size >= 0) emitter.Count(FieldOperation.SkipBytes, size);
        else if (schema.Type is AvroType.Bytes or AvroType.String) emitter.Count(FieldOperation.SkipSized, 1);
        else emitter.Count(FieldOperation.SkipVarints, 1);
    }

    private void SkipUnion(UnionSchema union)
    {
        if (Nullable(union) is not { } nullable)
        {
            emitter.Branch(union.Branches, Skip);
            return;
        }

        var size = nullable.Value.FixedSize;
        if (size >= 0) emitter.Count(FieldOperation.SkipNullableBytes, 1, size, nullable.NullIndex);
        else if (nullable.Value.Type is AvroType.Bytes or AvroType.String) emitter.Count(FieldOperation.SkipNullableSized, 1, detail: nullable.NullIndex);
        else emitter.Count(FieldOperation.SkipNullableVarint, 1, detail: nullable.NullIndex);
    }

    /// <summary>The value's type of a union of null and something simple, and the index of null; null for every other union.</summary>
    internal static (AvroSchema Value, byte NullIndex)? Nullable(UnionSchema union)
    {
        if (union.Branches.Count != 2) return null;
        var nullIndex = (byte)(union.Branches[0].Type == AvroType.Null ? 0 : 1);
        var value = union.Branches[1 - nullIndex];
        return union.Branches[nullIndex].Type == AvroType.Null && value is PrimitiveSchema or EnumSchema or FixedSchema ? (value, nullIndex) : null;
    }

    private void SkipItems(AvroSchema items)
    {
        var size = items.FixedSize;
        if (size >= 0) emitter.Emit(FieldOperation.SkipFixedBlocks, b: size);
        else Call(FieldOperation.SkipBlocks, new Routine(items, IsEntry: false), items.LeastSize);
    }

    private void Call(FieldOperation operation, Routine routine, int b)
    {
        _calls.Add((emitter.Emit(operation, b: b), routine));
        if (_routines.TryAdd(routine, -1)) _pending.Enqueue(routine);
    }
}
