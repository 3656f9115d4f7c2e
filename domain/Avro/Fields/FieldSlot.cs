using System.Runtime.InteropServices;

namespace Conductor.Domain.Avro.Fields;

/// <summary>Room for one wanted value; put as many on the stack as a program has paths. Only <see cref="FieldValues"/> can read it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FieldSlot
{
    internal FieldSlot(FieldKind kind, long bits)
    {
        Kind = kind;
        Bits = bits;
    }

    internal FieldKind Kind { get; }

    /// <summary>The number itself, or an offset and a length into the datum, or a symbol table and an index.</summary>
    internal long Bits { get; }

    internal int High => (int)(Bits >> 32);

    internal int Low => (int)Bits;

    internal static FieldSlot Pair(FieldKind kind, int high, int low) => new(kind, ((long)high << 32) | (uint)low);
}
