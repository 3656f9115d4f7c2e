using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Conductor.Scripting.JsonPath;

/// <summary>The operators of Jayway's filters. What an operator does not apply to does not hold.</summary>
internal static class FilterOperators
{
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "==", "!=", "===", "!==", "<", "<=", ">", ">=", "=~", "in", "nin", "contains", "size", "empty", "subsetof", "anyof", "noneof", "all", "type",
    };

    public static bool Apply(string name, FilterOperand left, FilterOperand right, PathQueryRun run)
    {
        run.Look((JsonValues.Length(left.Value) + JsonValues.Length(right.Value)) / 64);
        var (a, b) = (left.Value, right.Value);
        return name switch
        {
            "==" => AreEqual(a, b),
            "!=" => !AreEqual(a, b),
            "===" => a.ValueKind == b.ValueKind && AreEqual(a, b),
            "!==" => a.ValueKind != b.ValueKind || !AreEqual(a, b),
            "<" => Compare(a, b) < 0,
            "<=" => Compare(a, b) <= 0,
            ">" => Compare(a, b) > 0,
            ">=" => Compare(a, b) >= 0,
            "=~" => Matches(left, right, run),
            _ => OfLists(name.ToUpperInvariant(), a, b, run),
        };
    }

    private static bool OfLists(string name, JsonElement a, JsonElement b, PathQueryRun run) => name switch
    {
        "IN" => IsList(b) && Holds(b, a, run),
        "NIN" => !(IsList(b) && Holds(b, a, run)),
        "CONTAINS" => IsText(a) && IsText(b) ? Contains(a, b, run) : IsList(a) && Holds(a, b, run),
        "SIZE" => b.ValueKind == JsonValueKind.Number && Size(a) == (int)b.GetDouble(),
        "EMPTY" => b.ValueKind is JsonValueKind.True or JsonValueKind.False && IsSized(a) && IsEmpty(a) == b.GetBoolean(),
        "SUBSETOF" => IsList(a) && IsList(b) && a.EnumerateArray().All(item => Holds(b, item, run)),
        "ANYOF" => IsList(a) && IsList(b) && a.EnumerateArray().Any(item => Holds(b, item, run)),
        "NONEOF" => IsList(a) && IsList(b) && !a.EnumerateArray().Any(item => Holds(b, item, run)),
        _ => false, // all, type: Jayway knows them, and cannot apply them to JSON
    };

    /// <summary>A number equals the text of it, and the text the number.</summary>
    private static bool AreEqual(JsonElement a, JsonElement b) => (a.ValueKind, b.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number or JsonValueKind.String) => Number(b) is { } other && CompareNumbers(Number(a)!, other) == 0,
        (JsonValueKind.String, JsonValueKind.Number) => a.ValueEquals(JsonMarshal.GetRawUtf8Value(b)),
        _ => a.ValueKind == b.ValueKind && a.ValueKind != JsonValueKind.Undefined && JsonElement.DeepEquals(a, b),
    };

    private static int? Compare(JsonElement a, JsonElement b) => (a.ValueKind, b.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => CompareNumbers(Number(a)!, Number(b)!),
        (JsonValueKind.String, JsonValueKind.String) => string.CompareOrdinal(a.GetString(), b.GetString()),
        _ => null,
    };

    private static bool Matches(FilterOperand left, FilterOperand right, PathQueryRun run)
    {
        if (left.Pattern is null == right.Pattern is null) return false;
        var (pattern, value) = left.Pattern is null ? (right.Pattern!, left.Value) : (left.Pattern, right.Value);
        return IsList(value) ? value.EnumerateArray().Any(item => run.Matches(pattern, Text(item))) : run.Matches(pattern, Text(value));
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => "",
    };

    private static int CompareNumbers(object a, object b) => a is decimal exact && b is decimal other
        ? exact.CompareTo(other)
        : Convert.ToDouble(a, CultureInfo.InvariantCulture).CompareTo(Convert.ToDouble(b, CultureInfo.InvariantCulture));

    private static object? Number(JsonElement value)
    {
        var text = IsText(value) ? value.GetString()! : value.GetRawText();
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)) return exact;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static bool Holds(JsonElement list, JsonElement value, PathQueryRun run)
    {
        // A number is read once more for each item.
        var each = value.ValueKind == JsonValueKind.Number ? JsonValues.Length(value) : 0;
        run.Look((JsonValues.Length(list) + each * list.GetArrayLength()) / 64);
        return list.EnumerateArray().Any(item => AreEqual(value, item));
    }

    // A search looks at the part from each place of the text at worst, many characters at once.
    private static bool Contains(JsonElement text, JsonElement part, PathQueryRun run)
    {
        run.Look(JsonValues.Length(text) * JsonValues.Length(part) / 4096);
        return text.GetString()!.Contains(part.GetString()!, StringComparison.Ordinal);
    }

    private static bool IsList(JsonElement value) => value.ValueKind == JsonValueKind.Array;

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String;

    private static bool IsSized(JsonElement value) => value.ValueKind is JsonValueKind.String or JsonValueKind.Array or JsonValueKind.Object;

    private static bool IsEmpty(JsonElement value) => value.ValueKind == JsonValueKind.Object ? value.GetPropertyCount() == 0 : Size(value) == 0;

    private static int Size(JsonElement value) => IsText(value) ? value.GetString()!.Length : IsList(value) ? value.GetArrayLength() : -1;
}
