using System.Runtime.InteropServices;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Domain.Streams.Alerts;

/// <summary>A comparison of a field with a limit.</summary>
public enum Comparison
{
    /// <summary>Less than.</summary>
    Less,

    /// <summary>Less than or equal to.</summary>
    AtMost,

    /// <summary>Equal to.</summary>
    Equal,

    /// <summary>Anything but equal to.</summary>
    NotEqual,

    /// <summary>Greater than or equal to.</summary>
    AtLeast,

    /// <summary>Greater than.</summary>
    Greater,
}

/// <summary>One condition on a number.</summary>
/// <param name="Comparison">How.</param>
/// <param name="Value">With what; exact, so that ids can be compared too.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Limit(Comparison Comparison, decimal Value)
{
    internal bool Holds(in FieldValue value)
    {
        if (value.Kind == FieldValueKind.Number && !double.IsFinite(value.Number)) return HoldsInfinite(value.Number);
        var order = value.Kind == FieldValueKind.Integer ? ((decimal)value.Integer).CompareTo(Value) : value.Number.CompareTo((double)Value);
        return Comparison switch
        {
            Comparison.Less => order < 0,
            Comparison.AtMost => order <= 0,
            Comparison.Equal => order == 0,
            Comparison.NotEqual => order != 0,
            Comparison.AtLeast => order >= 0,
            _ => order > 0,
        };
    }

    /// <summary>Not-a-number keeps no limit at all, not even "not equal".</summary>
    private bool HoldsInfinite(double number) => !double.IsNaN(number) && Comparison switch
    {
        Comparison.Less or Comparison.AtMost => number < 0,
        Comparison.Equal => false,
        Comparison.NotEqual => true,
        _ => number > 0,
    };
}

/// <summary>Passes packets whose field keeps all of the limits.</summary>
/// <param name="field">Path of a number.</param>
/// <param name="limits">The limits.</param>
/// <param name="nulls">The answer where the field is null.</param>
/// <param name="tombstones">The answer where the record has no value.</param>
public sealed class Threshold(
    string field, IReadOnlyList<Limit> limits, ProcessorAnswer nulls = ProcessorAnswer.Skip, ProcessorAnswer tombstones = ProcessorAnswer.Pass)
    : IRecordProcessor
{
    private readonly Limit[] _limits = [.. limits];

    /// <inheritdoc/>
    public IReadOnlyList<string> Fields { get; } = [field];

    /// <inheritdoc/>
    public ProcessorAnswer Tombstone => tombstones;

    /// <inheritdoc/>
    /// <exception cref="BadRecordException">The packet has no such field, or it is no number.</exception>
    public ProcessorAnswer Process(ReadOnlySpan<FieldValue> values)
    {
        var value = values[0];
        switch (value.Kind)
        {
            case FieldValueKind.Null: return nulls;
            case FieldValueKind.Missing: throw new BadRecordException($"the packet's schema has no {field}", 0);
            case FieldValueKind.Text: throw new BadRecordException($"{field} is not a number", 0);
        }

        foreach (var limit in _limits)
        {
            if (!limit.Holds(value)) return ProcessorAnswer.Skip;
        }

        return ProcessorAnswer.Pass;
    }
}
