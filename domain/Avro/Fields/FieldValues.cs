using System.Text;

namespace Conductor.Domain.Avro.Fields;

/// <summary>The wanted values of one datum, in the order of the program's paths. Valid as long as the datum's bytes are; nothing is boxed or copied.</summary>
public readonly ref struct FieldValues
{
    private readonly FieldProgram _program;
    private readonly ReadOnlySpan<byte> _datum;
    private readonly ReadOnlySpan<FieldSlot> _slots;

    internal FieldValues(FieldProgram program, ReadOnlySpan<byte> datum, ReadOnlySpan<FieldSlot> slots, int consumed)
    {
        _program = program;
        _datum = datum;
        _slots = slots;
        Consumed = consumed;
    }

    /// <summary>How far the datum was read: all of it for a program that reads whole datums, else up to the last wanted field.</summary>
    public int Consumed { get; }

    /// <summary>How many values there are.</summary>
    public int Count => _slots.Length;

    /// <summary>What the value turned out to be.</summary>
    public FieldKind Kind(int index) => _slots[index].Kind;

    /// <summary>Whether there is no value.</summary>
    public bool IsNull(int index) => _slots[index].Kind == FieldKind.Null;

    /// <summary>A boolean.</summary>
    public bool Boolean(int index) => Expect(index, FieldKind.Boolean).Bits != 0;

    /// <summary>An int or a long, exactly.</summary>
    public long Integer(int index) =>
        _slots[index].Kind == FieldKind.Int ? _slots[index].Bits : Expect(index, FieldKind.Long).Bits;

    /// <summary>A float.</summary>
    public float Single(int index) => BitConverter.Int32BitsToSingle(Expect(index, FieldKind.Float).Low);

    /// <summary>Any number, as a double; false where there is none. Longs beyond 2^53 lose digits: use <see cref="Integer"/> for ids.</summary>
    public bool TryGetNumber(int index, out double value)
    {
        var slot = _slots[index];
        value = slot.Kind switch
        {
            FieldKind.Int or FieldKind.Long => slot.Bits,
            FieldKind.Float => BitConverter.Int32BitsToSingle(slot.Low),
            FieldKind.Double => BitConverter.Int64BitsToDouble(slot.Bits),
            _ => double.NaN,
        };
        return slot.Kind is FieldKind.Int or FieldKind.Long or FieldKind.Float or FieldKind.Double;
    }

    /// <summary>The UTF-8 of a text or a symbol, bytes, or the encoding of a record, array or map; empty for null.</summary>
    public ReadOnlySpan<byte> Bytes(int index)
    {
        var slot = _slots[index];
        return slot.Kind switch
        {
            FieldKind.Null => default,
            FieldKind.Symbol => _program.Symbol(slot.High, slot.Low),
            FieldKind.Bytes or FieldKind.Text or FieldKind.Encoded => _datum.Slice(slot.High, slot.Low),
            _ => throw Unexpected(index, "bytes"),
        };
    }

    /// <summary>A text or a symbol as a new string, or null.</summary>
    public string? Text(int index) => IsNull(index) ? null : Encoding.UTF8.GetString(Bytes(index));

    /// <summary>Where bytes, a text or an encoded value lie in the datum.</summary>
    internal Range Extent(int index) => new(_slots[index].High, _slots[index].High + _slots[index].Low);

    private FieldSlot Expect(int index, FieldKind kind) => _slots[index].Kind == kind ? _slots[index] : throw Unexpected(index, kind.ToString());

    private InvalidOperationException Unexpected(int index, string wanted) =>
        new($"{_program.Paths[index]} is {_slots[index].Kind}, not {wanted}");
}
