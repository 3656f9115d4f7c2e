using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Conductor.Domain.Streams.Records;
using MassTransit;
using MassTransit.Logging;

namespace Conductor.StreamRider.Records;

/// <summary>A message as a record.</summary>
internal static class OutgoingRecord
{
    public static StreamRecord Of<T>(SendContext<T> context, byte[]? key)
        where T : class => new()
        {
            Key = key,
            Value = context.Serializer.GetMessageBody(context).GetBytes(),
            Headers = HeadersOf(context),
            Timestamp = context.SentTime is { } sent ? new(DateTime.SpecifyKind(sent, DateTimeKind.Utc)) : default,
        };

    /// <summary>The value of a header as text; null where there is none.</summary>
    public static string? TextOf(object? value) => value switch
    {
        null => null,
        string text => text,
        Uri uri => uri.ToString(),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => JsonSerializer.Serialize(value, TopicJson.Options),
    };

    private static List<RecordHeader> HeadersOf(SendContext context)
    {
        var headers = new Dictionary<string, RecordHeader>(StringComparer.Ordinal);
        foreach (var (name, value) in context.Headers.GetAll()) Set(name, TextOf(value));
        Set(HeaderNames.MessageId, TextOf(context.MessageId));
        Set(HeaderNames.CorrelationId, TextOf(context.CorrelationId));
        Set(HeaderNames.ConversationId, TextOf(context.ConversationId));
        Set(HeaderNames.InitiatorId, TextOf(context.InitiatorId));
        Set(HeaderNames.RequestId, TextOf(context.RequestId));
        Set(HeaderNames.SourceAddress, TextOf(context.SourceAddress));
        Set(HeaderNames.DestinationAddress, TextOf(context.DestinationAddress));
        Set(MessageHeaders.ResponseAddress, TextOf(context.ResponseAddress));
        Set(MessageHeaders.FaultAddress, TextOf(context.FaultAddress));
        Set(HeaderNames.ContentType, TextOf(context.ContentType?.ToString()));
        if (context.SupportedMessageTypes is { Length: > 0 } types) Set(MessageHeaders.MessageType, string.Join(';', types));
        var trace = TextOf(context.Headers.Get<string>(DiagnosticHeaders.ActivityId)) ?? CurrentTrace();
        Set(HeaderNames.TraceParent, trace);
        if (trace is not null && trace == Activity.Current?.Id) Set(HeaderNames.TraceState, Activity.Current.TraceStateString);
        return [.. headers.Values];

        void Set(string name, string? text)
        {
            if (!string.IsNullOrEmpty(text)) headers[name] = new(name, Encoding.UTF8.GetBytes(text));
        }
    }

    private static string? CurrentTrace() => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;
}
