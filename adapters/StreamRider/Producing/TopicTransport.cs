using Conductor.Contracts;
using Conductor.StreamRider.Records;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Logging;
using MassTransit.Middleware;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace Conductor.StreamRider.Producing;

/// <summary>Sends messages to one topic.</summary>
internal sealed class TopicTransport(IHostConfiguration host, ISendPipe sendPipe, string system, string topic, TopicWriter writer)
    : BaseSendTransportContext(host, host.BusConfiguration.Serialization.CreateSerializerCollection()), ISendTransport
{
    private readonly Uri _address = BusAddress.OfTopic(topic);
    private readonly Uri _source = host.HostAddress;

    public override string EntityName => topic;

    public override string ActivitySystem => system;

    public TopicWriter Writer => writer;

    public override async Task<SendContext<T>> CreateSendContext<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken) =>
        await CreateSendContextAsync<byte[]?, T>(null, message, pipe, cancellationToken);

    /// <summary>Prepares a message as <see cref="SendAsync"/> or an outbox takes it.</summary>
    public async Task<TopicSendContext<TKey, T>> CreateSendContextAsync<TKey, T>(
        TKey key, T message, IPipe<TopicSendContext<TKey, T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var context = new TopicSendContext<TKey, T>(key, message, cancellationToken)
        {
            DestinationAddress = _address,
            SourceAddress = _source,
            Serialization = Serialization,
            Serializer = TopicJson.Serializer,
        };
        if (pipe is ISendContextPipe sending) await sending.Send(context);
        // What an outbox gives back has been through it.
        if (message is not SerializedMessageBody) await sendPipe.Send(context);
        await pipe.Send(context);
        context.ConversationId ??= NewId.NextGuid();
        return context;
    }

    public async Task Send<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class => await SendAsync(await CreateSendContextAsync<byte[]?, T>(null, message, pipe, cancellationToken));

    /// <summary>Leaves the message to an outbox, which sends it after its commit.</summary>
    public async Task KeepAsync<TKey, T>(TopicSendContext<TKey, T> context, OutboxSendContext outbox)
        where T : class
    {
        MassTransit.LogContext.SetCurrentIfNull(LogContext);
        var activity = LogContext.StartOutboxSendActivity(context);
        try
        {
            await outbox.AddSend(context);
            activity?.Update(context);
        }
        finally
        {
            activity?.Stop();
        }
    }

    /// <summary>Returns when the broker has confirmed the record.</summary>
    public async Task SendAsync<TKey, T>(TopicSendContext<TKey, T> context)
        where T : class
    {
        MassTransit.LogContext.SetCurrentIfNull(LogContext);
        var activity = LogContext.StartSendActivity(this, context);
        var instrument = LogContext.StartSendInstrument(this, context);
        try
        {
            if (SendObservers.Count > 0) await SendObservers.PreSend(context);
            await writer.WriteAsync(OutgoingRecord.Of(context, context.KeyBytes), context.CancellationToken);
            activity?.Update(context);
            if (SendObservers.Count > 0) await SendObservers.PostSend(context);
        }
        catch (Exception e)
        {
            if (SendObservers.Count > 0) await SendObservers.SendFault(context, e);
            activity?.AddExceptionEvent(e);
            instrument?.AddException(e);
            throw;
        }
        finally
        {
            activity?.Stop();
            instrument?.Stop();
        }
    }
}
