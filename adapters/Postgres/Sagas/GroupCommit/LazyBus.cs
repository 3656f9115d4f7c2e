using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>The bus, asked for only when something is sent: a service may use the mediator alone.</summary>
internal sealed class LazyBus(IServiceProvider scope) : ISendEndpointProvider, IPublishEndpointProvider
{
    private IBus Bus => scope.GetRequiredService<IBus>();

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => Bus.ConnectSendObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => Bus.ConnectPublishObserver(observer);

    public Task<ISendEndpoint> GetSendEndpoint(Uri address) => Bus.GetSendEndpoint(address);

    public Task<ISendEndpoint> GetPublishSendEndpoint<T>() where T : class => Bus.GetPublishSendEndpoint<T>();
}
