using System.Text.Json;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Limits;
using Conductor.ServiceDefaults.Http;

namespace Conductor.Workflows.Answers;

/// <summary>Reads bodies, in one place, so that everything in them can be stored and read back (<see cref="RequestJson"/>).</summary>
internal static class RequestBody
{
    private static readonly byte[] Empty = "{}"u8.ToArray();

    /// <summary>The body as a JSON object; an empty body counts as an empty object.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static async Task<JsonElement> ObjectAsync(HttpContext context) => Object(RequestJson.Read((await BytesAsync(context)).Span));

    /// <summary>The body as a JSON object, in which U+FFFD takes the place of characters that no text may hold: for reports on work that is done.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static async Task<JsonElement> ReportAsync(HttpContext context) => Object(RequestJson.ReadReplacing((await BytesAsync(context)).Span));

    /// <summary>The body as a JSON object with known fields, whose scalars are converted as Jackson converts them.</summary>
    /// <exception cref="JsonException">It is none; the path says which field.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context) where T : new() =>
        (await ObjectAsync(context)).Deserialize<T>(DefinitionJson.Options) ?? new();

    /// <summary>The body as a JSON array.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static async Task<IReadOnlyList<JsonElement>> ArrayAsync(HttpContext context) =>
        RequestJson.Read((await BytesAsync(context)).Span) is { ValueKind: JsonValueKind.Array } body
            ? [.. body.EnumerateArray()]
            : throw new JsonException("a JSON array is expected");

    /// <summary>The body as a JSON array of objects.</summary>
    /// <exception cref="JsonException">It is none; the message says which entry.</exception>
    public static async Task<IReadOnlyList<JsonElement>> ObjectsAsync(HttpContext context) => Entries(await ArrayAsync(context), JsonValueKind.Object);

    /// <summary>The body as a JSON array of texts.</summary>
    /// <exception cref="JsonException">It is none; the message says which entry.</exception>
    public static async Task<IReadOnlyList<string>> TextsAsync(HttpContext context) =>
        [.. Entries(await ArrayAsync(context), JsonValueKind.String).Select(entry => entry.GetString()!)];

    private static JsonElement Object(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object ? body : throw new JsonException("a JSON object is expected");

    private static IReadOnlyList<JsonElement> Entries(IReadOnlyList<JsonElement> body, JsonValueKind kind)
    {
        for (var i = 0; i < body.Count; i++)
            if (body[i].ValueKind != kind) throw new JsonException($"entry {i} must be of the kind {kind}, not {body[i].ValueKind}", $"$[{i}]", null, null);
        return body;
    }

    private static async ValueTask<ReadOnlyMemory<byte>> BytesAsync(HttpContext context) =>
        await RequestBytes.ReadAsync(context.Request) is { IsEmpty: false } bytes ? bytes : Empty;
}
