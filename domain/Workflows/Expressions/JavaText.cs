using System.Globalization;
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

    private static string Number(JsonElement value)
    {
        var raw = value.GetRawText();
        return raw.AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? raw : Double(value.GetDouble());
    }

    /// <summary>Double.toString of the Java API: plain from 1e-3 to 1e7, else with an exponent, always with a fraction.</summary>
    internal static string Double(double number)
    {
        if (number == 0) return double.IsNegative(number) ? "-0.0" : "0.0";
        var shortest = number.ToString("E16", CultureInfo.InvariantCulture);
        var exponent = int.Parse(shortest.AsSpan(shortest.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent is >= -3 and < 7)
        {
            var plain = number.ToString("0.0######################", CultureInfo.InvariantCulture);
            return double.Parse(plain, CultureInfo.InvariantCulture) == number
                ? plain
                : ((decimal)number).ToString("0.0######################", CultureInfo.InvariantCulture);
        }
        var mantissa = number.ToString("R", CultureInfo.InvariantCulture);
        var digits = new string([.. mantissa.TakeWhile(c => c != 'E').Where(char.IsAsciiDigit)]).TrimStart('0').TrimEnd('0');
        var fraction = digits.Length > 1 ? digits[1..] : "0";
        return $"{(number < 0 ? "-" : "")}{digits[0]}.{fraction}E{exponent}";
    }
}
