namespace Conductor.Domain.Streams.Processing;

/// <summary>What a field of a packet holds.</summary>
public enum FieldValueKind : byte
{
    /// <summary>The packet's schema has no such field.</summary>
    Missing,
    /// <summary>Null, or a parent of the field is null.</summary>
    Null,
    /// <summary>A whole number or a boolean (0 or 1).</summary>
    Integer,
    /// <summary>A floating-point number.</summary>
    Number,
    /// <summary>Text or bytes.</summary>
    Text,
}

/// <summary>The value of one field, without an object for it.</summary>
public readonly record struct FieldValue
{
    /// <summary>What it is.</summary>
    public FieldValueKind Kind { get; private init; }
    /// <summary>The whole number, exact (alert ids exceed what a double holds).</summary>
    public long Integer { get; private init; }
    /// <summary>The number; a whole number converted when <see cref="Kind"/> is <see cref="FieldValueKind.Integer"/>.</summary>
    public double Number { get; private init; }
    /// <summary>UTF-8 text or bytes; valid as long as the packet.</summary>
    public ReadOnlyMemory<byte> Text { get; private init; }

    /// <summary>The schema has no such field.</summary>
    public static FieldValue Missing => default;
    /// <summary>Null.</summary>
    public static FieldValue Null { get; } = new() { Kind = FieldValueKind.Null };

    /// <summary>A whole number.</summary>
    public static FieldValue Of(long value) => new() { Kind = FieldValueKind.Integer, Integer = value, Number = value };
    /// <summary>A floating-point number.</summary>
    public static FieldValue Of(double value) => new() { Kind = FieldValueKind.Number, Number = value };
    /// <summary>Text or bytes.</summary>
    public static FieldValue Of(ReadOnlyMemory<byte> value) => new() { Kind = FieldValueKind.Text, Text = value };
}
