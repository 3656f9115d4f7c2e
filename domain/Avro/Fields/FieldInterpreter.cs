using Conductor.Domain.Avro.Data;

namespace Conductor.Domain.Avro.Fields;

/// <summary>Runs the steps of a <see cref="FieldProgram"/>.</summary>
internal readonly ref struct FieldInterpreter(FieldCode code, Span<FieldSlot> slots)
{
    /// <summary>Values nested deeper than this are refused rather than read with the stack at risk.</summary>
    internal const int MaxDepth = 256;

    private readonly ReadOnlySpan<FieldStep> _steps = code.Steps;
    private readonly ReadOnlySpan<int> _branches = code.Branches;
    private readonly byte[][][] _symbols = code.Symbols;
    private readonly Span<FieldSlot> _slots = slots;

    public void Run(ref AvroReader reader, int address, int depth)
    {
        if (depth > MaxDepth) throw reader.Fault($"values are nested deeper than {MaxDepth}");
        reader.CountValue();
        while (true)
        {
            ref readonly var step = ref _steps[address++];
            switch (step.Operation)
            {
                case FieldOperation.SkipBytes: reader.Skip(step.A); break;
                case FieldOperation.SkipVarints: reader.SkipVarints(step.A); break;
                case FieldOperation.SkipSized: SkipSized(ref reader, step.A); break;
                case FieldOperation.SkipNullableBytes: reader.SkipNullable(step.A, step.Detail, step.B); break;
                case FieldOperation.SkipNullableVarint: SkipNullableVarints(ref reader, step); break;
                case FieldOperation.SkipNullableSized: SkipNullableSized(ref reader, step); break;
                case FieldOperation.SkipFixedBlocks: SkipFixedBlocks(ref reader, step.B); break;
                case FieldOperation.SkipBlocks: SkipBlocks(ref reader, step, depth); break;
                case FieldOperation.Branch: address = _branches[step.A + reader.ReadBranch(step.B)]; break;
                case FieldOperation.Jump: address = step.A; break;
                case FieldOperation.Call: Run(ref reader, step.A, depth + 1); break;
                case FieldOperation.Return: return;
                default: Read(ref reader, step); break;
            }
        }
    }

    private static void SkipSized(ref AvroReader reader, int count)
    {
        for (; count > 0; count--) reader.SkipSized();
    }

    private static void SkipNullableVarints(ref AvroReader reader, in FieldStep step)
    {
        for (var i = step.A; i > 0; i--)
        {
            if (!IsNull(ref reader, step.Detail)) reader.ReadLong();
        }
    }

    private static void SkipNullableSized(ref AvroReader reader, in FieldStep step)
    {
        for (var i = step.A; i > 0; i--)
        {
            if (!IsNull(ref reader, step.Detail)) reader.SkipSized();
        }
    }

    private void Read(ref AvroReader reader, in FieldStep step)
    {
        var start = reader.Position;
        switch (step.Operation)
        {
            case FieldOperation.Read when step.Kind == FieldKind.Symbol: _slots[step.A] = ReadSymbol(ref reader, step.B); break;
            case FieldOperation.Read: _slots[step.A] = FieldDecoder.Read(ref reader, step.Kind, step.B); break;
            case FieldOperation.ReadNullable when !IsNull(ref reader, (byte)step.B): _slots[step.A] = FieldDecoder.Read(ref reader, step.Kind, 0); break;
            case FieldOperation.Begin: _slots[step.A] = FieldSlot.Pair(FieldKind.Encoded, start, 0); break;
            case FieldOperation.End: _slots[step.A] = FieldSlot.Pair(FieldKind.Encoded, _slots[step.A].High, start - _slots[step.A].High); break;
        }
    }

    private FieldSlot ReadSymbol(ref AvroReader reader, int table)
    {
        var index = reader.ReadInt();
        var count = _symbols[table].Length;
        if ((uint)index >= (uint)count) throw reader.Fault($"symbol {index} of an enum of {count}");
        return FieldSlot.Pair(FieldKind.Symbol, table, index);
    }

    private static bool IsNull(ref AvroReader reader, byte nullIndex) => reader.ReadBranch(2) == nullIndex;

    private static void SkipFixedBlocks(ref AvroReader reader, int itemSize)
    {
        while (reader.ReadBlockHead(out var size) is var count and not 0)
        {
            if (itemSize == 0) count = 0;
            else if (count > reader.Remaining / itemSize) throw reader.Fault($"a block of {count} items is announced, {reader.Remaining} bytes are left");
            var bytes = (int)count * itemSize;
            if (size >= 0 && size != bytes) throw reader.Fault($"a block of {bytes} bytes is announced as {size}");
            reader.Skip(bytes);
        }
    }

    private void SkipBlocks(ref AvroReader reader, in FieldStep step, int depth)
    {
        while (reader.ReadBlockHead(out var size) is var count and not 0)
        {
            if (size >= 0)
            {
                reader.Skip(size);
                continue;
            }

            if (count > reader.Remaining / Math.Max(step.B, 1)) throw reader.Fault($"a block of {count} items is announced, {reader.Remaining} bytes are left");
            for (; count > 0; count--) Run(ref reader, step.A, depth + 1);
        }
    }
}
