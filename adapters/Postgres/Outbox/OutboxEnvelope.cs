using System.Text.Json;
using System.Text.Json.Serialization;
using MassTransit;

namespace Conductor.Postgres.Outbox;

/// <summary>The part of a send context that is neither body nor header: the column <c>envelope</c>.</summary>
internal sealed record OutboxEnvelope
{
    public Guid? RequestId { get; init; }

    public Guid? CorrelationId { get; init; }

    public Guid? ConversationId { get; init; }

    public Guid? InitiatorId { get; init; }

    public string? Source { get; init; }

    public string? Response { get; init; }

    public string? Fault { get; init; }

    /// <summary>Message types as URNs.</summary>
    public required string[] Types { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public bool Durable { get; init; } = true;

    public static OutboxEnvelope Of(SendContext context, DateTimeOffset now) => new()
    {
        RequestId = context.RequestId,
        CorrelationId = context.CorrelationId,
        ConversationId = context.ConversationId,
        InitiatorId = context.InitiatorId,
        Source = context.SourceAddress?.ToString(),
        Response = context.ResponseAddress?.ToString(),
        Fault = context.FaultAddress?.ToString(),
        Types = context.SupportedMessageTypes ?? [],
        Expires = now + context.TimeToLive,
        Durable = context.Durable,
    };

    public void ApplyTo(SendContext context, DateTimeOffset now)
    {
        context.RequestId = RequestId;
        context.CorrelationId = CorrelationId;
        context.ConversationId = ConversationId;
        context.InitiatorId = InitiatorId;
        context.SourceAddress = Address(Source);
        context.ResponseAddress = Address(Response);
        context.FaultAddress = Address(Fault);
        context.SupportedMessageTypes = Types;
        context.Durable = Durable;
        // What expired while it waited is for the transport to drop or dead-letter: a millisecond is the shortest that it knows.
        if (Expires is { } expires) context.TimeToLive = expires > now ? expires - now : TimeSpan.FromMilliseconds(1);
    }

    public string ToJson() => JsonSerializer.Serialize(this, EnvelopeJson.Default.OutboxEnvelope);

    public static OutboxEnvelope Parse(string json) => JsonSerializer.Deserialize(json, EnvelopeJson.Default.OutboxEnvelope)!;

    private static Uri? Address(string? text) => text is null ? null : new Uri(text);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OutboxEnvelope))]
internal sealed partial class EnvelopeJson : JsonSerializerContext;
