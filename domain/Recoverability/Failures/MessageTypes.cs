using System.Text.Json;

namespace Conductor.Domain.Recoverability.Failures;

/// <summary>Finds out which type a message is of.</summary>
internal static class MessageTypes
{
    private const string Urn = "urn:message:";

    /// <summary>From the failure's header, the type header of a message without envelope, or MassTransit's envelope; empty when none tells.</summary>
    public static string Of(DeadLetter letter) =>
        Named(letter.Header(MassTransitHeaders.FaultMessageType)) ?? Named(letter.Header(MassTransitHeaders.MessageType)?.Split(';')[0])
        ?? Named(InEnvelope(letter.Body.Span)) ?? "";

    // urn:message:Namespace:Type
    private static string? Named(string? name) => string.IsNullOrEmpty(name) ? null
        : name.StartsWith(Urn, StringComparison.Ordinal) ? name[Urn.Length..].Replace(':', '.')
        : name;

    private static string? FirstIn(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;

    private static string? InEnvelope(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.ValueTextEquals("messageType");
                if (!reader.Read()) return null;
                if (isType) return FirstIn(ref reader);
                reader.Skip();
            }
            return null;
        }
        catch (JsonException)
        {
            // Another format: then the headers are all that is known.
            return null;
        }
    }
}
