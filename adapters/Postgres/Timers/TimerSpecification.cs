using Conductor.Postgres.Outbox;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Context;
using MassTransit.Middleware.Outbox;
using MassTransit.Scheduling;

namespace Conductor.Postgres.Timers;

/// <summary>Gives every consumed message a scheduler that writes to the outbox.</summary>
internal sealed class TimerSpecification(MessageOutbox outbox) : IPipeSpecification<ConsumeContext>
{
    public void Apply(IPipeBuilder<ConsumeContext> builder) => builder.AddFilter(new Filter(outbox));

    public IEnumerable<ValidationResult> Validate() => [];

    private sealed class Filter(MessageOutbox outbox) : IFilter<ConsumeContext>
    {
        public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
        {
            context.AddOrUpdatePayload<MessageSchedulerContext>(Timed, _ => Timed());
            return next.Send(context);

            ConsumeMessageSchedulerContext Timed() => new(context, Scheduler);
        }

        public void Probe(ProbeContext context) => context.CreateFilterScope("postgres-timers");

        private MessageScheduler Scheduler(ConsumeContext context) => new(Timers(context), context.GetPayload<IBusTopology>());

        // Within a transaction of the outbox the context itself sends into it; a redelivery comes after that one's rollback.
        private OutboxTimers Timers(ConsumeContext context) => context.TryGetPayload(out IMessageTransaction? transaction)
            ? new(context, (token, _) =>
            {
                transaction.Cancel(token);
                return Task.CompletedTask;
            })
            : new(new OutboxSendEndpointProvider(new ImmediateOutbox(outbox), context),
                (token, cancellationToken) => outbox.SendAsync([], [token], cancellationToken));
    }
}
