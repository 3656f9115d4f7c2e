using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>Builds JSON values; the buffers are reused per thread because this is the hot path.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Options = new()
    {
        SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2 * JsonLimits.StoredDepth,
    };

    private static readonly JsonReaderOptions Bounded = new() { MaxDepth = ValueLimits.Depth };

    /// <summary>A larger buffer is not kept.</summary>
    private const int MostKept = 1 << 20;

    [ThreadStatic] private static Scratch? scratch;

    public static readonly JsonElement EmptyObject = Parse("{}");
    public static readonly JsonElement Null = Parse("null");

    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json, JsonLimits.Document);
        return document.RootElement.Clone();
    }

    public static JsonElement Of(string? text) => text is null ? Null : Build(text, static (writer, value) => writer.WriteStringValue(value));

    public static JsonElement Of(long number) => Build(number, static (writer, value) => writer.WriteNumberValue(value));

    /// <summary>Builds a value that tasks or expressions make.</summary>
    /// <exception cref="ValueRefusedException">It is larger or deeper than <see cref="ValueLimits"/> allows.</exception>
    public static JsonElement BuildBounded<T>(T state, Action<Utf8JsonWriter, T> write)
    {
        try
        {
            return Build(state, write, Bounded);
        }
        catch (JsonException)
        {
            throw new ValueRefusedException($"The value would be nested more than {ValueLimits.Depth} levels deep");
        }
    }

    /// <exception cref="ValueRefusedException">More than <see cref="ValueLimits.Bytes"/> have been written.</exception>
    public static void CheckSize(Utf8JsonWriter writer) => ValueLimits.Check(writer.BytesCommitted + writer.BytesPending);

    public static JsonElement Build<T>(T state, Action<Utf8JsonWriter, T> write) => Build(state, write, JsonLimits.Reader);

    private static JsonElement Build<T>(T state, Action<Utf8JsonWriter, T> write, JsonReaderOptions options)
    {
        var own = Interlocked.Exchange(ref scratch, null) ?? new Scratch();
        own.Buffer.ResetWrittenCount();
        own.Writer.Reset();
        write(own.Writer, state);
        own.Writer.Flush();
        var reader = new Utf8JsonReader(own.Buffer.WrittenSpan, options);
        var value = JsonElement.ParseValue(ref reader);
        if (own.Buffer.Capacity <= MostKept) scratch = own;
        return value;
    }

    /// <summary>True for undefined and null.</summary>
    public static bool IsNothing(this JsonElement value) => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>The object itself, or an empty one for anything else.</summary>
    public static JsonElement OrEmptyObject(this JsonElement value) => value.ValueKind == JsonValueKind.Object ? value : EmptyObject;

    /// <summary>True for an object without properties (and for what is no object).</summary>
    public static bool IsEmptyObject(this JsonElement value) => value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() == 0;

    /// <summary><paramref name="over"/> laid over <paramref name="value"/>, as Java's Map.putAll.</summary>
    public static JsonElement Merge(JsonElement value, JsonElement over)
    {
        if (over.IsEmptyObject()) return value.OrEmptyObject();
        if (value.IsEmptyObject()) return over;
        return Build((value, over), static (writer, pair) =>
        {
            writer.WriteStartObject();
            foreach (var property in pair.value.EnumerateObject())
                if (!pair.over.TryGetProperty(property.Name, out _)) property.WriteTo(writer);
            foreach (var property in pair.over.EnumerateObject()) property.WriteTo(writer);
            writer.WriteEndObject();
        });
    }

    private sealed class Scratch
    {
        public Scratch() => Writer = new Utf8JsonWriter(Buffer, Options);
        public ArrayBufferWriter<byte> Buffer { get; } = new(1024);
        public Utf8JsonWriter Writer { get; }
    }
}
