using System.Text.Json;
using System.Text.Json.Serialization;

namespace Conductor.Workflows.Answers;

/// <summary>How this API writes and reads bodies.</summary>
internal static class Answer
{
    /// <summary>camelCase, nulls left out, as Conductor writes them.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>A bare id: Conductor's clients take the whole body for it.</summary>
    public static IResult Id(Guid id) => Results.Text(id.ToString(), "text/plain;charset=UTF-8");

    /// <summary>JSON that is written straight to the response.</summary>
    public static IResult Written(Action<Utf8JsonWriter> write) => new WrittenResult(write);

    /// <summary>The request's body as JSON; an empty one counts as an empty object.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static async Task<JsonElement> BodyAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return buffer.Length == 0 ? JsonElement.Parse("{}") : JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>The request's body as a JSON object.</summary>
    public static async Task<JsonElement> ObjectAsync(HttpContext context) =>
        await BodyAsync(context) is { ValueKind: JsonValueKind.Object } body ? body : throw new JsonException("a JSON object is expected");

    /// <summary>The request's body as a JSON array.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ArrayAsync(HttpContext context) =>
        await BodyAsync(context) is { ValueKind: JsonValueKind.Array } body ? [.. body.EnumerateArray()] : throw new JsonException("a JSON array is expected");

    private sealed class WrittenResult(Action<Utf8JsonWriter> write) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json";
            await using var writer = new Utf8JsonWriter(httpContext.Response.BodyWriter);
            write(writer);
            await writer.FlushAsync(httpContext.RequestAborted);
        }
    }
}
