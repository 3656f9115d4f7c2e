using Conductor.Domain.Avro.Data;

namespace Conductor.Domain.Avro.Fields;

/// <summary>Reads single values into slots.</summary>
internal static class FieldDecoder
{
    public static FieldSlot Read(ref AvroReader reader, FieldKind kind, int detail)
    {
        switch (kind)
        {
            case FieldKind.Null: return default;
            case FieldKind.Boolean: return new FieldSlot(kind, reader.ReadBoolean() ? 1 : 0);
            case FieldKind.Int: return new FieldSlot(kind, reader.ReadInt());
            case FieldKind.Long: return new FieldSlot(kind, reader.ReadLong());
            case FieldKind.Float: return new FieldSlot(kind, BitConverter.SingleToInt32Bits(reader.ReadFloat()));
            case FieldKind.Double: return new FieldSlot(kind, BitConverter.DoubleToInt64Bits(reader.ReadDouble()));
            default: return ReadSpan(ref reader, kind, detail);
        }
    }

    /// <summary>Text or bytes; a positive detail is the size of a fixed, 0 means that the length comes first, -1 that the fixed is empty.</summary>
    private static FieldSlot ReadSpan(ref AvroReader reader, FieldKind kind, int detail)
    {
        var length = detail == 0 ? reader.ReadSized().Length : reader.ReadFixed(Math.Max(detail, 0)).Length;
        return FieldSlot.Pair(kind, reader.Position - length, length);
    }
}
