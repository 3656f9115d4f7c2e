using MassTransit;
using MassTransit.Configuration;
using MassTransit.Context;
using MassTransit.RabbitMqTransport;
using MassTransit.Scheduling;

namespace Conductor.ServiceDefaults.Messaging;

/// <summary>Puts <see cref="BrokerDelayScheduler"/> on every consumed message, for services without a database.</summary>
internal static class BrokerDelays
{
    public static void UseBrokerDelays(this IConsumePipeConfigurator bus) => bus.AddPrePipeSpecification(new Specification());

    private sealed class Specification : IPipeSpecification<ConsumeContext>
    {
        public void Apply(IPipeBuilder<ConsumeContext> builder) => builder.AddFilter(new Filter());

        public IEnumerable<ValidationResult> Validate() => [];
    }

    private sealed class Filter : IFilter<ConsumeContext>
    {
        public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
        {
            context.GetOrAddPayload<MessageSchedulerContext>(() => new ConsumeMessageSchedulerContext(context, Scheduler));
            return next.Send(context);
        }

        public void Probe(ProbeContext context) => context.CreateFilterScope("broker-delays");

        private static MessageScheduler Scheduler(ConsumeContext context) =>
            new(new BrokerDelayScheduler(context, context.GetPayload<ChannelContext>()), context.GetPayload<IBusTopology>());
    }
}
