using MassTransit;
using MassTransit.Transports;

namespace Conductor.StreamRider.Consuming;

/// <summary>Starts and stops the member behind an endpoint.</summary>
internal sealed class TopicReceiveTransport(ReceiveEndpointContext context, TopicEndpoint endpoint, Func<DeliveryMetrics> metrics) : IReceiveTransport
{
    public ReceiveTransportHandle Start() => new Handle(context, endpoint, metrics);

    public ConnectHandle ConnectReceiveObserver(IReceiveObserver observer) => context.ConnectReceiveObserver(observer);

    public ConnectHandle ConnectReceiveTransportObserver(IReceiveTransportObserver observer) => context.ConnectReceiveTransportObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => context.ConnectPublishObserver(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => context.ConnectSendObserver(observer);

    public void Probe(ProbeContext probe) => context.Probe(probe.CreateScope("receiveTransport"));

    private sealed class Handle : ReceiveTransportHandle
    {
        private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
        private readonly CancellationTokenSource _stopping = new();
        private readonly CancellationTokenSource _abort = new();
        private readonly ReceiveEndpointContext _context;
        private readonly Func<DeliveryMetrics> _metrics;
        private readonly Task _running;

        public Handle(ReceiveEndpointContext context, TopicEndpoint endpoint, Func<DeliveryMetrics> metrics)
        {
            (_context, _metrics) = (context, metrics);
            var member = new TopicMember(endpoint);
            endpoint.Health.Begin();
            // Whoever starts the bus is in a trace of his own.
            using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
                _running = Task.Run(() => member.RunAsync(_stopping.Token, _abort.Token));
        }

        public async Task Stop(CancellationToken cancellationToken = default)
        {
            await _stopping.CancelAsync();
            if (_context.ConsumerStopTimeout is { } patience) _abort.CancelAfter(patience);
            await using (cancellationToken.UnsafeRegister(_ => _abort.Cancel(), null)) await Task.WhenAny(_running, AbandonedAsync());
            await _abort.CancelAsync();
            await _context.TransportObservers.NotifyCompleted(_context.InputAddress, _metrics());
        }

        // Consumers that do not hear the cancellation do not hold up the end of the bus.
        private async Task AbandonedAsync()
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _abort.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Grace, CancellationToken.None);
        }
    }
}
