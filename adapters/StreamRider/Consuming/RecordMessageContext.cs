using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Conductor.StreamRider.Records;
using MassTransit;
using MassTransit.Metadata;

namespace Conductor.StreamRider.Consuming;

/// <summary>What the headers of a record say about its message.</summary>
internal sealed class RecordMessageContext(ConsumedRecord record, ReceiveContext receive) : MessageContext
{
    private readonly Headers _headers = receive.TransportHeaders;

    public Guid? MessageId => Id(HeaderNames.MessageId) ?? record.PlaceId;

    public Guid? RequestId => Id(HeaderNames.RequestId);

    public Guid? CorrelationId => Id(HeaderNames.CorrelationId);

    public Guid? ConversationId => Id(HeaderNames.ConversationId);

    public Guid? InitiatorId => Id(HeaderNames.InitiatorId);

    public DateTime? ExpirationTime => null;

    public Uri? SourceAddress => Address(HeaderNames.SourceAddress);

    public Uri DestinationAddress => receive.InputAddress;

    public Uri? ResponseAddress => Address(MessageHeaders.ResponseAddress);

    public Uri? FaultAddress => Address(MessageHeaders.FaultAddress);

    public DateTime? SentTime => record.Record.Timestamp == default ? null : record.Record.Timestamp.UtcDateTime;

    public Headers Headers => new ApplicationHeaders(_headers);

    public HostInfo Host => HostMetadataCache.Empty;

    // Earlier versions of MassTransit.Kafka prefixed the names of ids.
    private Guid? Id(string name) => Guid.TryParse(_headers.Get<string>(name) ?? _headers.Get<string>(HeaderNames.Prefix + name), out var id) ? id : null;

    private Uri? Address(string name) => Uri.TryCreate(_headers.Get<string>(name), UriKind.Absolute, out var address) ? address : null;

    /// <summary>All can be asked for; those that the messages of a consumer inherit are the application's.</summary>
    private sealed class ApplicationHeaders(Headers headers) : Headers
    {
        public IEnumerable<KeyValuePair<string, object>> GetAll() => headers.GetAll().Where(header => !HeaderNames.IsOfMessage(header.Key));

        public bool TryGetHeader(string key, [NotNullWhen(true)] out object? value) => headers.TryGetHeader(key, out value);

        public T? Get<T>(string key, T? defaultValue = default)
            where T : class => headers.Get(key, defaultValue);

        public T? Get<T>(string key, T? defaultValue = null)
            where T : struct => headers.Get(key, defaultValue);

        public IEnumerator<HeaderValue> GetEnumerator() => GetAll().Select(header => new HeaderValue(header)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
