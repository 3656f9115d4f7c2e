using System.Text;
using Conductor.Domain.Avro.Schemas;

namespace Conductor.Domain.Avro.Fields;

/// <summary>A compiled program: its steps, the addresses of its unions' branches, and the symbols of its enums in UTF-8.</summary>
internal sealed record FieldCode(FieldStep[] Steps, int[] Branches, byte[][][] Symbols);

/// <summary>Collects steps, merging what can be passed over at once.</summary>
internal sealed class FieldEmitter
{
    private const int MaxSteps = 256 * 1024;
    private readonly List<FieldStep> _steps = [];
    private readonly List<int> _branches = [];
    private readonly List<byte[][]> _symbols = [];
    private int _label;

    public FieldCode ToCode() => new([.. _steps], [.. _branches], [.. _symbols]);

    /// <summary>An address that something jumps to; what follows is not merged with what precedes.</summary>
    public int Label() => _label = _steps.Count;

    /// <exception cref="AvroSchemaException">The program grows beyond its limit: unions of records may multiply along a wanted path.</exception>
    public int Emit(FieldOperation operation, int a = 0, int b = 0, byte detail = 0)
    {
        if (_steps.Count == MaxSteps) throw new AvroSchemaException("$", $"reading the wanted fields takes more than {MaxSteps} steps");
        _steps.Add(new FieldStep(operation, detail, a, b));
        return _steps.Count - 1;
    }

    /// <summary>Emits a step whose A counts, or adds to the step before if it is the same.</summary>
    public void Count(FieldOperation operation, int count, int b = 0, byte detail = 0)
    {
        if (count == 0) return;
        var last = _steps.Count - 1;
        if (last >= _label && _steps[last] is var step && step.Operation == operation && step.B == b && step.Detail == detail && step.A <= int.MaxValue - count)
        {
            _steps[last] = step with { A = step.A + count };
            return;
        }

        Emit(operation, count, b, detail);
    }

    public void Target(int step, int address) => _steps[step] = _steps[step] with { A = address };

    /// <summary>Emits the choice of a union's branch and the code of every branch.</summary>
    public void Branch(IReadOnlyList<AvroSchema> branches, Action<AvroSchema> compile)
    {
        var table = _branches.Count;
        _branches.AddRange(new int[branches.Count]);
        Emit(FieldOperation.Branch, table, branches.Count);
        var jumps = new List<int>();
        for (var i = 0; i < branches.Count; i++)
        {
            _branches[table + i] = Label();
            compile(branches[i]);
            jumps.Add(Emit(FieldOperation.Jump));
        }

        var end = Label();
        foreach (var jump in jumps) Target(jump, end);
    }

    public int SymbolTable(EnumSchema schema)
    {
        _symbols.Add([.. schema.Symbols.Select(Encoding.UTF8.GetBytes)]);
        return _symbols.Count - 1;
    }
}
