using MassTransit;

namespace Conductor.ServiceDefaults.Messaging;

internal static class EndpointConventions
{
    // The order of the calls is the order of the filters: redelivery around retry around the consumer and what it adds itself.
    public static void Apply(IReceiveEndpointConfigurator endpoint, string name, BusOptions options)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator queue) queue.SetQuorumQueue();
        if (options.WithoutRetries.Contains(name)) return;
        if (options.Redeliveries.Count > 0)
        {
            endpoint.UseScheduledRedelivery(redelivery =>
            {
                redelivery.Ignore([.. options.Hopeless]);
                redelivery.Ignore(options.IsOutage);
                redelivery.Intervals([.. options.Redeliveries]);
            });
        }
        if (options.Retries <= 0) return;
        endpoint.UseMessageRetry(retry =>
        {
            retry.Ignore([.. options.Hopeless]);
            retry.Ignore(options.IsOutage);
            // MassTransit varies each of these pauses by up to 20 %, so that failures do not come back in step.
            retry.Exponential(options.Retries, options.RetryInterval, TimeSpan.FromSeconds(10), options.RetryInterval);
        });
    }
}
