using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Conductor.Domain.Workflows.Limits;

/// <summary>
/// Reads JSON that somebody sent, so that all of it can be stored, searched and read back: UTF-8, no deeper than
/// <see cref="JsonLimits.RequestDepth"/>, no NUL and no half of a surrogate pair in keys and texts, numbers within the range of a double.
/// </summary>
public static class RequestJson
{
    private const int EscapeLength = 6;

    /// <summary>Reads; anything that may not be is refused.</summary>
    /// <exception cref="JsonException">What is wrong, and where.</exception>
    public static JsonElement Read(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) throw new JsonException("the text is not valid UTF-8");
        var value = JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = JsonLimits.RequestDepth });
        Check(json);
        return value;
    }

    /// <summary>
    /// Reads; U+FFFD takes the place of characters that may not be. For reports on work that is done, which one character must not undo.
    /// </summary>
    /// <exception cref="JsonException">What else is wrong, and where.</exception>
    public static JsonElement ReadReplacing(ReadOnlySpan<byte> json)
    {
        var own = Utf8.IsValid(json) ? json.ToArray() : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        for (var at = NextBad(own, 0); at >= 0; at = NextBad(own, at + EscapeLength)) "\\ufffd"u8.CopyTo(own.AsSpan(at));
        return Read(own);
    }

    private static void Check(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonLimits.RequestDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                if (reader.ValueIsEscaped && NextBad(reader.ValueSpan, 0) >= 0)
                    throw Wrong(json, reader.TokenStartIndex, "a text must not hold the character NUL or half of a surrogate pair");
            }
            else if (reader.TokenType == JsonTokenType.Number && (!reader.TryGetDouble(out var number) || !double.IsFinite(number)))
            {
                throw Wrong(json, reader.TokenStartIndex, "a number must be within the range of a double");
            }
        }
    }

    private static JsonException Wrong(ReadOnlySpan<byte> json, long at, string message)
    {
        var path = JsonPlace.At(json, at);
        return new JsonException($"{message} (at {path})", path, lineNumber: null, bytePositionInLine: null);
    }

    /// <summary>The first escape from <paramref name="from"/> that stands for NUL or for half of a surrogate pair; -1 when there is none.</summary>
    private static int NextBad(ReadOnlySpan<byte> json, int from)
    {
        while (from < json.Length && json[from..].IndexOf((byte)'\\') is var found and >= 0)
        {
            from += found;
            var unit = Unit(json, from);
            if (unit is 0) return from;
            if (unit is not null && char.IsSurrogate((char)unit))
            {
                var next = Unit(json, from + EscapeLength);
                if (next is null || !char.IsSurrogatePair((char)unit, (char)next)) return from;
                from += EscapeLength;
            }
            from += unit is null ? 2 : EscapeLength;
        }
        return -1;
    }

    private static int? Unit(ReadOnlySpan<byte> json, int at) =>
        at + EscapeLength <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && int.TryParse(json.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? unit
            : null;
}
