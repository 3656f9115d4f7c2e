using MassTransit;
using MassTransit.Logging;

namespace Conductor.StreamRider.Records;

/// <summary>
/// Headers of records: those of MassTransit.Kafka (which names ids and addresses as MassTransit's MessageContext does, without prefix), MassTransit's
/// own for what that one leaves out, and W3C's of Trace Context.
/// </summary>
internal static class HeaderNames
{
    public const string MessageId = nameof(MessageContext.MessageId);
    public const string CorrelationId = nameof(MessageContext.CorrelationId);
    public const string ConversationId = nameof(MessageContext.ConversationId);
    public const string InitiatorId = nameof(MessageContext.InitiatorId);
    public const string RequestId = nameof(MessageContext.RequestId);
    public const string SourceAddress = nameof(MessageContext.SourceAddress);
    public const string DestinationAddress = nameof(MessageContext.DestinationAddress);
    public const string ContentType = MessageHeaders.ContentType;
    public const string TraceParent = "traceparent";
    public const string TraceState = "tracestate";

    /// <summary>What MassTransit's own headers begin with; some older ones name ids so as well.</summary>
    public const string Prefix = "MT-";

    private static readonly HashSet<string> OfMessage = new(StringComparer.Ordinal)
    {
        MessageId, CorrelationId, ConversationId, InitiatorId, RequestId, SourceAddress, DestinationAddress, ContentType, TraceParent, TraceState,
        DiagnosticHeaders.ActivityId, DiagnosticHeaders.DiagnosticId,
    };

    /// <summary>Whether a header says something about one message, so that messages that follow from it do not inherit it.</summary>
    public static bool IsOfMessage(string name) => OfMessage.Contains(name) || name.StartsWith(Prefix, StringComparison.Ordinal);
}
