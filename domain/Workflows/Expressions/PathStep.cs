using System.Globalization;
using System.Text.Json;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>One step of a plain path: a property or an index (negative from the end).</summary>
internal readonly record struct PathStep(string? Name, int Index)
{
    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create("*?:,()@$\"'");

    public JsonElement? Walk(JsonElement value)
    {
        if (Name is not null) return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(Name, out var property) ? property : null;
        if (value.ValueKind != JsonValueKind.Array) return null;
        var length = value.GetArrayLength();
        var index = Index < 0 ? length + Index : Index;
        return index >= 0 && index < length ? value[index] : null;
    }

    public static bool TryReadAll(string text, int at, out PathStep[] steps)
    {
        var found = new List<PathStep>();
        steps = [];
        while (at < text.Length)
        {
            if (TryReadName(text, at, out var name, out var next)) found.Add(new(name, 0));
            else if (TryReadIndex(text, at, out var index, out next)) found.Add(new(null, index));
            else return false;
            at = next;
        }
        steps = [.. found];
        return true;
    }

    /// <summary>Reads <c>.name</c> or <c>['name']</c>.</summary>
    public static bool TryReadName(string text, int at, out string name, out int next)
    {
        (name, next) = ("", at);
        if (text[at] == '[') return TryReadQuoted(text, at, out name, out next);
        var end = text.AsSpan(at + 1).IndexOfAny('.', '[');
        end = end < 0 ? text.Length : at + 1 + end;
        var span = text.AsSpan(at + 1, end - at - 1);
        if (span.IsEmpty || span.ContainsAny(Special)) return false;
        (name, next) = (span.ToString(), end);
        return true;
    }

    private static bool TryReadQuoted(string text, int at, out string name, out int next)
    {
        (name, next) = ("", at);
        if (at + 1 >= text.Length || text[at + 1] is not ('\'' or '"')) return false;
        var close = text.IndexOf(text[at + 1], at + 2);
        if (close < 0 || close + 1 >= text.Length || text[close + 1] != ']') return false;
        (name, next) = (text[(at + 2)..close], close + 2);
        return !name.Contains('\\', StringComparison.Ordinal);
    }

    private static bool TryReadIndex(string text, int at, out int index, out int next)
    {
        (index, next) = (0, at);
        var close = text[at] == '[' ? text.IndexOf(']', at) : -1;
        if (close < 0 || !int.TryParse(text.AsSpan(at + 1, close - at - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index))
            return false;
        next = close + 1;
        return true;
    }
}
