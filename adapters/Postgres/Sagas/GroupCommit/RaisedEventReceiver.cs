using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using MassTransit;
using MassTransit.Middleware.Outbox;
using MassTransit.Serialization;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>Where an event comes from that the service raised itself: from nowhere, and what it sends goes to the bus with the commit.</summary>
internal sealed class RaisedEventReceiver(MessageEffects effects, IBus? bus, CancellationToken cancellationToken)
    : ReceiveContext, ISendEndpointProvider, IPublishEndpointProvider
{
    private static readonly Uri Here = new("loopback://localhost/raised");

    public TimeSpan ElapsedTime => TimeSpan.Zero;
    public Uri InputAddress => Here;
    public ContentType ContentType => SystemTextJsonMessageSerializer.JsonContentType;
    public bool Redelivered => false;
    public Headers TransportHeaders => EmptyHeaders.Instance;
    public Task ReceiveCompleted => Task.CompletedTask;
    public bool IsDelivered => false;
    public bool IsFaulted => false;
    public bool PublishFaults => false;
    public MessageBody Body => EmptyMessageBody.Instance;
    public CancellationToken CancellationToken => cancellationToken;
    public ISendEndpointProvider SendEndpointProvider => this;
    public IPublishEndpointProvider PublishEndpointProvider => this;

    private IBus Bus => bus ?? throw new InvalidOperationException("A saga sends, but the service has no bus.");

    public Task<ISendEndpoint> GetSendEndpoint(Uri address) => new OutboxSendEndpointProvider(effects, Bus).GetSendEndpoint(address);

    public Task<ISendEndpoint> GetPublishSendEndpoint<T>() where T : class =>
        new OutboxPublishEndpointProvider(effects, (IPublishEndpointProvider)Bus).GetPublishSendEndpoint<T>();

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => Bus.ConnectSendObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => Bus.ConnectPublishObserver(observer);

    public Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class => Task.CompletedTask;

    public Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class => Task.CompletedTask;

    public Task NotifyFaulted(Exception exception) => Task.CompletedTask;

    public void AddReceiveTask(Task task)
    {
    }

    public bool HasPayloadType(Type payloadType) => false;

    public bool TryGetPayload<T>([NotNullWhen(true)] out T payload) where T : class
    {
        payload = null!;
        return false;
    }

    public T GetOrAddPayload<T>(PayloadFactory<T> payloadFactory) where T : class => payloadFactory();

    public T AddOrUpdatePayload<T>(PayloadFactory<T> addFactory, UpdatePayloadFactory<T> updateFactory) where T : class => addFactory();
}
