using System.Net.Mime;
using System.Text.Json;
using MassTransit;
using MassTransit.Serialization;

namespace Conductor.StreamRider.Records;

/// <summary>Writes messages as the plain JSON that they are, without an envelope: what there is to say about them is in headers.</summary>
internal sealed class TopicJson : IMessageSerializer
{
    public static readonly ContentType MediaType = new("application/json");
    public static readonly TopicJson Serializer = new();

    private static Compacted? _compacted;

    /// <summary>MassTransit's, as the bus has configured them, on one line.</summary>
    public static JsonSerializerOptions Options
    {
        get
        {
            var current = SystemTextJsonMessageSerializer.Options;
            var compacted = Volatile.Read(ref _compacted);
            if (compacted?.From == current) return compacted.Options;
            compacted = new(current, new JsonSerializerOptions(current) { WriteIndented = false });
            Volatile.Write(ref _compacted, compacted);
            return compacted.Options;
        }
    }

    public ContentType ContentType => MediaType;

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class => new SystemTextJsonRawMessageBody<T>(context, Options);

    private sealed record Compacted(JsonSerializerOptions From, JsonSerializerOptions Options);
}
