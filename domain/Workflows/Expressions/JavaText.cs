using System.Text;
using System.Text.Json;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>Text of a value as Java's toString gives it: what Conductor puts into a string around an expression.</summary>
public static class JavaText
{
    /// <summary>The text; <c>null</c> for an absent value.</summary>
    public static string Of(JsonElement? value)
    {
        if (value is null) return "null";
        if (value.Value.ValueKind == JsonValueKind.String) return value.Value.GetString()!;
        var text = new StringBuilder();
        Append(text, value.Value);
        return text.ToString();
    }

    /// <summary>Appends the text.</summary>
    public static void Append(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: AppendMap(text, value); break;
            case JsonValueKind.Array: AppendList(text, value); break;
            case JsonValueKind.String: text.Append(value.GetString()); break;
            case JsonValueKind.Number: text.Append(Number(value)); break;
            case JsonValueKind.True: text.Append("true"); break;
            case JsonValueKind.False: text.Append("false"); break;
            default: text.Append("null"); break;
        }
    }

    private static void AppendMap(StringBuilder text, JsonElement value)
    {
        text.Append('{');
        var first = true;
        foreach (var property in value.EnumerateObject())
        {
            if (!first) text.Append(", ");
            first = false;
            text.Append(property.Name).Append('=');
            Append(text, property.Value);
        }
        text.Append('}');
    }

    private static void AppendList(StringBuilder text, JsonElement value)
    {
        text.Append('[');
        var first = true;
        foreach (var item in value.EnumerateArray())
        {
            if (!first) text.Append(", ");
            first = false;
            Append(text, item);
        }
        text.Append(']');
    }

    // Without a fraction or an exponent it is an integer of any size.
    private static string Number(JsonElement value)
    {
        var raw = value.GetRawText();
        if (raw.AsSpan().IndexOfAny('.', 'e', 'E') >= 0) return JavaNumbers.Double(value.GetDouble());
        return raw == "-0" ? "0" : raw;
    }
}
