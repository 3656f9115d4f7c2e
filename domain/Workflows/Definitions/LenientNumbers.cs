using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Conductor.Domain.Workflows.Definitions;

/// <summary>Numbers and flags as Jackson takes them: null is zero or false, text is parsed, fractions are cut off.</summary>
internal static class LenientNumbers
{
    private static long Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => 0,
        JsonTokenType.Number => reader.TryGetInt64(out var whole) ? whole : (long)reader.GetDouble(),
        JsonTokenType.String when reader.GetString() is { } text => text.Length == 0 ? 0
            : long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new JsonException($"'{text}' is not a number."),
        _ => throw new JsonException($"A number is expected, not {reader.TokenType}."),
    };

    internal sealed class Int32 : JsonConverter<int>
    {
        public override bool HandleNull => true;
        public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var value = LenientNumbers.Read(ref reader);
            return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new JsonException($"{value} is out of range.");
        }

        public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
    }

    internal sealed class Int64 : JsonConverter<long>
    {
        public override bool HandleNull => true;
        public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => LenientNumbers.Read(ref reader);
        public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
    }

    internal sealed class Boolean : JsonConverter<bool>
    {
        public override bool HandleNull => true;
        public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.Null or JsonTokenType.False => false,
            JsonTokenType.True => true,
            JsonTokenType.String when bool.TryParse(reader.GetString(), out var value) => value,
            _ => throw new JsonException("true or false is expected."),
        };

        public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
    }
}
