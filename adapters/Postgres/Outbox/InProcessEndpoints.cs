using MassTransit;
using MassTransit.Mediator;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Postgres.Outbox;

/// <summary>Adds the address <c>mediator:</c> to what a bus can send to: through the outbox, the mediator of this process.</summary>
internal sealed class InProcessEndpoints(ISendEndpointProvider bus, IServiceProvider provider) : ISendEndpointProvider
{
    public Task<ISendEndpoint> GetSendEndpoint(Uri address) => IsMediator(address) ? MediatorAsync(provider) : bus.GetSendEndpoint(address);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => bus.ConnectSendObserver(observer);

    public static bool IsMediator(Uri address) => string.Equals(address.Scheme, OutboxAddress.Mediator.TrimEnd(':'), StringComparison.Ordinal);

    /// <summary>The mediator's endpoint: it has one for messages of all types.</summary>
    public static Task<ISendEndpoint> MediatorAsync(IServiceProvider provider) => provider.GetRequiredService<IMediator>().GetPublishSendEndpoint<object>();
}
