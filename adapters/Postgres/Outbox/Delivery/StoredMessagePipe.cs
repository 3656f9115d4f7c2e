using System.Diagnostics;
using System.Net.Mime;
using MassTransit;
using MassTransit.Context;
using MassTransit.Logging;
using MassTransit.Serialization;

namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>Restores the send context of a stored message.</summary>
internal sealed class StoredMessagePipe : IPipe<SendContext>
{
    private readonly OutboxMessage _message;
    private readonly OutboxEnvelope _envelope;

    public StoredMessagePipe(OutboxMessage message)
    {
        _message = message;
        _envelope = OutboxEnvelope.Parse(message.Envelope);
        Headers = Parse(message.Headers);
    }

    public Dictionary<string, object?> Headers { get; }

    /// <summary>Why the broker refused the message.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Ends the attempt when the broker refuses.</summary>
    public Action? Refused { get; set; }

    /// <summary>The trace of the transaction that sent the message.</summary>
    public ActivityContext ParentTrace =>
        Headers.TryGetValue(DiagnosticHeaders.ActivityId, out var id) && ActivityContext.TryParse(id?.ToString(), null, out var parent) ? parent : default;

    public void Refuse(Exception exception)
    {
        Fault = exception;
        Refused?.Invoke();
    }

    public Task Send(SendContext context)
    {
        context.GetOrAddPayload(() => this);
        context.MessageId = _message.MessageId;
        _envelope.ApplyTo(context, DateTimeOffset.UtcNow);
        foreach (var (name, value) in Headers) context.Headers.Set(name, value);
        if (_message.Properties is not null && context is TransportSendContext transport) transport.ReadPropertiesFrom(Parse(_message.Properties)!);
        context.Serializer = new CopyBodySerializer(new ContentType(_message.ContentType), new BytesMessageBody(_message.Body));
        return Task.CompletedTask;
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("outbox-stored-message");

    private static Dictionary<string, object?> Parse(string? json) =>
        json is null ? [] : SystemTextJsonMessageSerializer.Instance.DeserializeDictionary<object?>(json) ?? [];
}
