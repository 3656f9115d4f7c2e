using System.Diagnostics.CodeAnalysis;
using MassTransit;
using MassTransit.Context;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>
/// What a state machine sees of an event that was raised in the service itself, without MassTransit's pipeline: the message, and endpoints that
/// keep what is sent for the commit. There is no sender to answer, and nothing of a transport.
/// </summary>
internal sealed class RaisedEvent<T>(T message, ReceiveContext receive) : BaseConsumeContext(receive, null!), ConsumeContext<T>
    where T : class
{
    public T Message => message;

    public override Task ConsumeCompleted => Task.CompletedTask;
    public override Guid? MessageId => null;
    public override Guid? RequestId => null;
    public override Guid? CorrelationId => null;
    public override Guid? ConversationId => null;
    public override Guid? InitiatorId => null;
    public override DateTime? ExpirationTime => null;
    public override Uri SourceAddress => null!;
    public override Uri DestinationAddress => null!;
    public override Uri ResponseAddress => null!;
    public override Uri FaultAddress => null!;
    public override DateTime? SentTime => null;
    public override Headers Headers => ReceiveContext.TransportHeaders;
    public override HostInfo Host => MassTransit.Metadata.HostMetadataCache.Host;
    public override IEnumerable<string> SupportedMessageTypes => [MessageUrn.ForTypeString<T>()];

    public override bool HasMessageType(Type messageType) => messageType.IsAssignableFrom(typeof(T));

    public override bool TryGetMessage<TMessage>([NotNullWhen(true)] out ConsumeContext<TMessage> consumeContext)
    {
        consumeContext = (this as ConsumeContext<TMessage>)!;
        return consumeContext is not null;
    }

    public override void AddConsumeTask(Task task)
    {
    }

    // What activities keep with an event they keep in the scope that the saga's context adds.
    public override bool HasPayloadType(Type payloadType) => payloadType.IsInstanceOfType(this);

    public override bool TryGetPayload<TPayload>([NotNullWhen(true)] out TPayload payload) => (payload = (this as TPayload)!) is not null;

    public override TPayload GetOrAddPayload<TPayload>(PayloadFactory<TPayload> payloadFactory) => this as TPayload ?? payloadFactory();

    public override TPayload AddOrUpdatePayload<TPayload>(PayloadFactory<TPayload> addFactory, UpdatePayloadFactory<TPayload> updateFactory) => addFactory();

    public Task NotifyConsumed(TimeSpan duration, string consumerType) => Task.CompletedTask;

    public Task NotifyFaulted(TimeSpan duration, string consumerType, Exception exception) => Task.CompletedTask;
}
