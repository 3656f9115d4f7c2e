using Conductor.Domain.Avro.Schemas;

namespace Conductor.Domain.Avro.Fields;

/// <summary>Compiles wanted paths and a writer's schema into steps.</summary>
internal sealed class FieldCompiler(IReadOnlyList<string> paths, DatumExtent extent)
{
    private readonly FieldEmitter _emitter = new();
    private readonly bool[] _found = new bool[paths.Count];

    public FieldProgram Compile(AvroSchema writer)
    {
        var skip = new SkipCompiler(_emitter);
        var wanted = WantedFields.Of(paths);
        if (wanted.HasChildren) Want(writer, wanted, skip, last: extent == DatumExtent.LastWantedField);
        else if (extent == DatumExtent.Whole) skip.Skip(writer);
        _emitter.Emit(FieldOperation.Return);
        skip.Finish();
        var missing = paths.Where((_, i) => !_found[i]).ToList();
        return new FieldProgram([.. paths], missing, _emitter.ToCode());
    }

    /// <summary>
    /// Reads what is wanted of a value; <paramref name="last"/> tells that nothing wanted follows it, so that its rest need not be passed over.
    /// </summary>
    private void Want(AvroSchema schema, WantedFields wanted, SkipCompiler skip, bool last)
    {
        switch (schema)
        {
            case UnionSchema union: WantUnion(union, wanted, skip, last); break;
            case RecordSchema record: WantRecord(record, wanted, skip, last); break;
            // What a path would find below a value without fields is missing.
            case var _ when wanted.Slot < 0: skip.Skip(schema); break;
            default: Leaf(schema, wanted.Slot, skip); break;
        }
    }

    private void WantRecord(RecordSchema record, WantedFields wanted, SkipCompiler skip, bool last)
    {
        if (wanted.Slot >= 0)
        {
            Found(wanted.Slot);
            _emitter.Emit(FieldOperation.Begin, wanted.Slot);
            WantFields(record, wanted, skip, last: false);
            _emitter.Emit(FieldOperation.End, wanted.Slot);
            return;
        }

        WantFields(record, wanted, skip, last);
    }

    private void WantFields(RecordSchema record, WantedFields wanted, SkipCompiler skip, bool last)
    {
        var lastWanted = -1;
        foreach (var field in record.Fields)
        {
            if (wanted.Child(field.Name) is not null && IsFirst(record, field)) lastWanted = field.Position;
        }

        foreach (var field in record.Fields)
        {
            if (last && field.Position > lastWanted) return;
            if (wanted.Child(field.Name) is { } child && IsFirst(record, field)) Want(field.Schema, child, skip, last && field.Position == lastWanted);
            else skip.Skip(field.Schema);
        }
    }

    private static bool IsFirst(RecordSchema record, RecordField field) => record.Find(field.Name) == field;

    private void WantUnion(UnionSchema union, WantedFields wanted, SkipCompiler skip, bool last)
    {
        if (wanted.Slot < 0 && !union.Branches.Any(branch => branch is RecordSchema))
        {
            skip.Skip(union);
            return;
        }

        if (SkipCompiler.Nullable(union) is { Value: PrimitiveSchema value } nullable)
        {
            Found(wanted.Slot);
            _emitter.Emit(FieldOperation.ReadNullable, wanted.Slot, nullable.NullIndex, (byte)KindOf(value));
            return;
        }

        _emitter.Branch(union.Branches, branch =>
        {
            if (branch is RecordSchema) Want(branch, wanted, skip, last);
            else if (wanted.Slot >= 0) Leaf(branch, wanted.Slot, skip);
            else skip.Skip(branch);
        });
    }

    private void Leaf(AvroSchema schema, int slot, SkipCompiler skip)
    {
        Found(slot);
        switch (schema)
        {
            case ArraySchema or MapSchema:
                _emitter.Emit(FieldOperation.Begin, slot);
                skip.Skip(schema);
                _emitter.Emit(FieldOperation.End, slot);
                break;
            case EnumSchema symbols:
                _emitter.Emit(FieldOperation.Read, slot, _emitter.SymbolTable(symbols), (byte)FieldKind.Symbol);
                break;
            case FixedSchema bytes:
                _emitter.Emit(FieldOperation.Read, slot, bytes.Size == 0 ? -1 : bytes.Size, (byte)FieldKind.Bytes);
                break;
            default:
                _emitter.Emit(FieldOperation.Read, slot, 0, (byte)KindOf(schema));
                break;
        }
    }

    private void Found(int slot) => _found[slot] = true;

    private static FieldKind KindOf(AvroSchema schema) => schema.Type switch
    {
        AvroType.Null => FieldKind.Null,
        AvroType.Boolean => FieldKind.Boolean,
        AvroType.Int => FieldKind.Int,
        AvroType.Long => FieldKind.Long,
        AvroType.Float => FieldKind.Float,
        AvroType.Double => FieldKind.Double,
        AvroType.Bytes => FieldKind.Bytes,
        AvroType.String => FieldKind.Text,
        _ => throw new ArgumentOutOfRangeException(nameof(schema), schema.Type, "not a primitive type"),
    };
}
