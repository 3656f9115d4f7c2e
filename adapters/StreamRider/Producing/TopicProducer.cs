using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.Initializers;
using MassTransit.Middleware;
using MassTransit.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.StreamRider.Producing;

/// <summary>Produces to a topic, at once or by way of the outbox that its scope has.</summary>
/// <param name="transport">The topic.</param>
/// <param name="scope">The scope of a consumer, of a request; null where there is none.</param>
internal sealed class TopicProducer<TKey, T>(TopicTransport transport, IServiceProvider? scope) : ITopicProducer<TKey, T>
    where T : class
{
    public ConnectHandle ConnectSendObserver(ISendObserver observer) => transport.ConnectSendObserver(observer);

    public Task Produce(TKey key, T value, CancellationToken cancellationToken = default) =>
        Produce(key, value, Pipe.Empty<KafkaSendContext<TKey, T>>(), cancellationToken);

    public Task Produce(TKey key, object values, CancellationToken cancellationToken = default) =>
        Produce(key, values, Pipe.Empty<KafkaSendContext<TKey, T>>(), cancellationToken);

    public Task Produce(TKey key, T value, IPipe<KafkaSendContext<TKey, T>> pipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return ProduceAsync(key, value, Pipe.Empty<SendContext<T>>(), pipe, cancellationToken);
    }

    public async Task Produce(TKey key, object values, IPipe<KafkaSendContext<TKey, T>> pipe, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var (message, initialize) = await MessageInitializerCache<T>.InitializeMessage(values, cancellationToken);
        await ProduceAsync(key, message, initialize, pipe, cancellationToken);
    }

    private async Task ProduceAsync(
        TKey key, T value, IPipe<SendContext<T>> initialize, IPipe<KafkaSendContext<TKey, T>> pipe, CancellationToken cancellationToken)
    {
        var consumed = scope?.GetService<IScopedConsumeContextProvider>() is { HasContext: true } provider ? provider.GetContext() : null;
        var prepare = Pipe.ExecuteAsync<TopicSendContext<TKey, T>>(async context =>
        {
            if (consumed is not null) context.TransferConsumeContextHeaders(consumed);
            if (initialize.IsNotEmpty()) await initialize.Send(context);
            if (pipe.IsNotEmpty()) await pipe.Send(context);
        });
        var context = await transport.CreateSendContextAsync(key, value, prepare, cancellationToken);
        if (OutboxOf(consumed) is { } outbox) await transport.KeepAsync(context, outbox);
        else await transport.SendAsync(context);
    }

    private OutboxSendContext? OutboxOf(ConsumeContext? consumed)
    {
        if (consumed is not null && consumed.TryGetPayload(out OutboxSendContext? outbox)) return outbox;
        return scope?.GetService<OutboxSendContext>();
    }
}
