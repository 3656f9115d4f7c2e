using System.Diagnostics;
using System.Runtime.ExceptionServices;
using MassTransit;
using MassTransit.Serialization;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>Sends a stored message to the broker, as the bytes that it is.</summary>
internal sealed class OutboxSender(IServiceProvider provider)
{
    private static readonly ActivitySource Activities = new("Conductor.Messaging");
    // Publishes begin one after the other: where two wait for a channel when the broker dies, consumers may never come back (docs/adr/0007-packages.md).
    private readonly Lock _turn = new();
    private readonly Lazy<IBus> _bus = new(() =>
    {
        var bus = provider.GetRequiredService<IBus>();
        bus.ConnectSendObserver(new RefusalObserver());
        return bus;
    });

    public async Task SendAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var restore = new StoredMessagePipe(message);
        using var activity = Activities.StartActivity("outbox deliver", ActivityKind.Producer, restore.ParentTrace);
        // MassTransit repeats what the broker refuses until it is told to stop.
        using var refused = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        restore.Refused = refused.Cancel;
        try
        {
            var address = new Uri(message.Destination);
            // What rides the bus (topics) has transports of its own, by the scheme of the address.
            if (provider.GetKeyedService<ISendTransportProvider>(address.Scheme) is { } transports)
            {
                var transport = await transports.GetSendTransport(address);
                await transport.Send(new SerializedMessageBody(), restore, cancellationToken);
                return;
            }
            var endpoint = await _bus.Value.GetSendEndpoint(address).WaitAsync(cancellationToken);
            // A send whose channel the broker closes at the wrong moment never ends and hears no cancellation: it is given up here, and sent anew.
            await Begin(endpoint, restore, refused.Token).WaitAsync(refused.Token);
        }
        catch (Exception) when (restore.Fault is { } fault && !cancellationToken.IsCancellationRequested)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    private Task Begin(ISendEndpoint endpoint, StoredMessagePipe restore, CancellationToken cancellationToken)
    {
        lock (_turn) return endpoint.Send(new SerializedMessageBody(), restore, cancellationToken);
    }
}
