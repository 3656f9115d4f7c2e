using Conductor.Contracts.Operations;
using Conductor.Operations.Collecting;
using Conductor.Postgres.Recoverability;
using Conductor.Postgres.Supervision;
using Conductor.ServiceDefaults.Changes;
using MassTransit;

namespace Conductor.Operations.Retrying;

/// <summary>Hears that messages that were sent again have been consumed; many at once, so that they cost one statement.</summary>
internal sealed class ConfirmRetryConsumer(RetryStore retries, ChangeFeed changes, Signal signal, TimeProvider time)
    : IConsumer<Batch<RetriedMessageConsumed>>
{
    public async Task Consume(ConsumeContext<Batch<RetriedMessageConsumed>> context)
    {
        await retries.ConfirmAsync([.. context.Message.Select(m => m.Message.FailureId).Distinct()], time.GetUtcNow(), context.CancellationToken);
        changes.Changed(DeadLetterIntake.Topic);
        signal.Raise();
    }
}
