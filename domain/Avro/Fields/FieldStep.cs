using System.Runtime.InteropServices;

namespace Conductor.Domain.Avro.Fields;

internal enum FieldOperation : byte
{
    /// <summary>Pass over A bytes.</summary>
    SkipBytes,

    /// <summary>Pass over A numbers.</summary>
    SkipVarints,

    /// <summary>Pass over A values with a length in front.</summary>
    SkipSized,

    /// <summary>Pass over A unions of null and a value of B bytes; Detail is the index of null.</summary>
    SkipNullableBytes,

    /// <summary>Pass over A unions of null and a number.</summary>
    SkipNullableVarint,

    /// <summary>Pass over A unions of null and a value with a length in front.</summary>
    SkipNullableSized,

    /// <summary>Pass over an array or a map whose items each take B bytes.</summary>
    SkipFixedBlocks,

    /// <summary>Pass over an array or a map whose items the routine at A passes over; each takes B bytes at least.</summary>
    SkipBlocks,

    /// <summary>Read a branch's index and go on where the table at A says for it; there are B branches.</summary>
    Branch,

    /// <summary>Go on at A.</summary>
    Jump,

    /// <summary>Run the routine at A.</summary>
    Call,

    /// <summary>End of a routine, or of the program.</summary>
    Return,

    /// <summary>Read a value of kind Detail into slot A; B is the size of a fixed or the symbol table of an enum.</summary>
    Read,

    /// <summary>Read null or a value of kind Detail into slot A; B is the index of null.</summary>
    ReadNullable,

    /// <summary>Note in slot A where an encoded value begins.</summary>
    Begin,

    /// <summary>Note in slot A where it ends.</summary>
    End,
}

/// <summary>One step of a flat program; see <see cref="FieldOperation"/> for what A, B and Detail mean.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FieldStep(FieldOperation Operation, byte Detail, int A, int B)
{
    public FieldKind Kind => (FieldKind)Detail;
}
