using Conductor.Postgres.Outbox;
using MassTransit;

namespace Conductor.Postgres.Timers;

/// <summary>Schedules by sending to an outbox with a delay and a token, and cancels by that token.</summary>
/// <param name="sending">Sends to the outbox of the running transaction, or to one that commits at once.</param>
/// <param name="cancel">Cancels in the same way.</param>
internal sealed class OutboxTimers(ISendEndpointProvider sending, Func<Guid, CancellationToken, Task> cancel) : IScheduleMessageProvider
{
    public async Task<ScheduledMessage<T>> ScheduleSend<T>(
        Uri destinationAddress, DateTime scheduledTime, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var schedule = new TimerPipe<T>(pipe, scheduledTime);
        var endpoint = await sending.GetSendEndpoint(destinationAddress);
        await endpoint.Send(message, schedule, cancellationToken);
        return new Scheduled<T>(schedule.Token, scheduledTime, destinationAddress, message);
    }

    public Task CancelScheduledSend(Guid tokenId, CancellationToken cancellationToken) => cancel(tokenId, cancellationToken);

    public Task CancelScheduledSend(Uri destinationAddress, Guid tokenId, CancellationToken cancellationToken) => cancel(tokenId, cancellationToken);

    private sealed record Scheduled<T>(Guid TokenId, DateTime ScheduledTime, Uri Destination, T Payload) : ScheduledMessage<T>
        where T : class;
}

/// <summary>Gives a message its time and its token; sagas know a timeout that they have replaced by the token's header.</summary>
internal sealed class TimerPipe<T>(IPipe<SendContext<T>> pipe, DateTime scheduledTime) : IPipe<SendContext<T>>
    where T : class
{
    public Guid Token { get; private set; }

    public async Task Send(SendContext<T> context)
    {
        if (pipe.IsNotEmpty()) await pipe.Send(context);
        Token = context.ScheduledMessageId ??= NewId.NextGuid();
        context.Headers.Set(MessageHeaders.SchedulingTokenId, Token.ToString("D"));
        var utc = scheduledTime.Kind == DateTimeKind.Local ? scheduledTime.ToUniversalTime() : scheduledTime;
        var delay = utc - DateTime.UtcNow;
        context.Delay = delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("postgres-timer");
}
