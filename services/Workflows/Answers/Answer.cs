using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Workflows.Answers;

/// <summary>How this API writes bodies.</summary>
internal static class Answer
{
    // Bodies are JSON and say so: what HTML would need escaped is written as it is.
    private static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = JsonLimits.StoredDepth };

    /// <summary>camelCase, nulls left out, as Conductor writes them.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = Writer.Encoder, MaxDepth = Writer.MaxDepth,
    };

    /// <summary>A bare id: Conductor's clients take the whole body for it.</summary>
    public static IResult Id(Guid id) => new IdResult(id);

    /// <summary>JSON that is written straight to the response.</summary>
    public static IResult Written(Action<Utf8JsonWriter> write) => new WrittenResult(write);

    /// <summary>A writer of this API's JSON.</summary>
    public static Utf8JsonWriter WriterTo(Stream stream) => new(stream, Writer);

    /// <summary>A writer of this API's JSON.</summary>
    public static Utf8JsonWriter WriterTo(IBufferWriter<byte> buffer) => new(buffer, Writer);

    private sealed class IdResult(Guid id) : IResult
    {
        private const int Length = 36;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            (httpContext.Response.ContentType, httpContext.Response.ContentLength) = ("text/plain;charset=UTF-8", Length);
            var body = httpContext.Response.BodyWriter;
            id.TryFormat(body.GetSpan(Length), out var written);
            body.Advance(written);
            await body.FlushAsync(httpContext.RequestAborted);
        }
    }

    private sealed class WrittenResult(Action<Utf8JsonWriter> write) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json";
            await using var writer = new Utf8JsonWriter(httpContext.Response.BodyWriter, Writer);
            write(writer);
            await writer.FlushAsync(httpContext.RequestAborted);
        }
    }
}
