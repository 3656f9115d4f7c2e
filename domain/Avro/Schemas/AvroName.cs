using System.Buffers;

namespace Conductor.Domain.Avro.Schemas;

/// <summary>The specification's rules for names: letters, digits and underscores, not beginning with a digit; dots part a namespace.</summary>
internal static class AvroName
{
    /// <summary>Names of more characters are refused: with its namespace, one name can stand before each of a schema's types.</summary>
    public const int Longest = 512;

    public static readonly IReadOnlyDictionary<string, AvroType> Primitives = new Dictionary<string, AvroType>
    {
        ["null"] = AvroType.Null,
        ["boolean"] = AvroType.Boolean,
        ["int"] = AvroType.Int,
        ["long"] = AvroType.Long,
        ["float"] = AvroType.Float,
        ["double"] = AvroType.Double,
        ["bytes"] = AvroType.Bytes,
        ["string"] = AvroType.String,
    };

    private static readonly SearchValues<char> NamespaceCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$-");

    public static bool IsSimple(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || char.IsAsciiDigit(name[0])) return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        }

        return true;
    }

    /// <summary>A simple name behind its namespace. Namespaces are held to less, as by Avro's Java parser: those of Java's nested classes have a $.</summary>
    public static bool IsFull(ReadOnlySpan<char> name)
    {
        var dot = name.LastIndexOf('.');
        if (dot < 0) return IsSimple(name);
        foreach (var part in name[..dot].Split('.'))
        {
            if (name[part].IsEmpty || name[part].ContainsAnyExcept(NamespaceCharacters)) return false;
        }

        return IsSimple(name[(dot + 1)..]);
    }

    /// <summary>A name as written, made full with the namespace around it.</summary>
    public static string Qualify(string name, string? space) =>
        name.Contains('.', StringComparison.Ordinal) || string.IsNullOrEmpty(space) ? name : $"{space}.{name}";

    public static string? NamespaceOf(string fullName)
    {
        var dot = fullName.LastIndexOf('.');
        return dot < 0 ? null : fullName[..dot];
    }
}
