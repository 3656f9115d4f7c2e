using MassTransit;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace Conductor.StreamRider.Consuming;

/// <summary>Where MassTransit's pipeline leaves what fails for good, and what nobody wants.</summary>
internal sealed class DeadLetterTransport(DeadLetterTopic error, DeadLetterTopic skipped) : IErrorTransport, IDeadLetterTransport
{
    public Task Send(ExceptionReceiveContext context) =>
        error.WriteAsync(context.GetPayload<ConsumedRecord>(), context.ExceptionHeaders, context.CancellationToken);

    public Task Send(ReceiveContext context, string reason)
    {
        var headers = new DictionarySendHeaders();
        headers.Set(MessageHeaders.Reason, reason);
        headers.SetHostHeaders();
        return skipped.WriteAsync(context.GetPayload<ConsumedRecord>(), headers, context.CancellationToken);
    }
}
