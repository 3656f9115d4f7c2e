using Conductor.Contracts.Operations;
using MassTransit;

namespace Conductor.ServiceDefaults.Messaging;

/// <summary>
/// Says of each message that was sent again that it has been consumed: only then is its failure resolved. After the consumer, so that what it did is
/// committed; a report that is lost leaves the failure pending, never resolved too soon.
/// </summary>
internal sealed class RetryReports : IConsumeObserver
{
    public Task PreConsume<T>(ConsumeContext<T> context) where T : class => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context) where T : class =>
        Guid.TryParse(context.ReceiveContext.TransportHeaders.Get<string>(RetriedMessageConsumed.Header), out var failure)
            ? context.Publish(new RetriedMessageConsumed { FailureId = failure }, context.CancellationToken)
            : Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception) where T : class => Task.CompletedTask;
}
