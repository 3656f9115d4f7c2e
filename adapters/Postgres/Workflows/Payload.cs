using System.Runtime.InteropServices;
using System.Text.Json;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Postgres.Workflows;

/// <summary>JSON payloads as the bytes that the store keeps.</summary>
internal static class Payload
{
    private static readonly byte[] Empty = "{}"u8.ToArray();

    public static readonly JsonElement EmptyObject = JsonElement.Parse("{}");

    /// <summary>The element's own text; an undefined one counts as an empty object.</summary>
    public static byte[] Write(JsonElement json) => json.ValueKind is JsonValueKind.Undefined ? Empty : JsonMarshal.GetRawUtf8Value(json).ToArray();

    public static JsonElement Read(byte[] json) => JsonLimits.Parse(json);
}
