using Conductor.Contracts;
using Conductor.Domain.Streams.Brokers;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Conductor.Brokers.Events;

/// <summary>Produces the events of a type to their topic, which is made when there is none.</summary>
/// <param name="broker">Where the topic is.</param>
/// <param name="options">What a topic that is made is like.</param>
/// <param name="scopes">Producers come from a scope.</param>
/// <param name="time">Gives up.</param>
public sealed class EventTopic<T>(IStreamBroker broker, IOptions<EventOptions> options, IServiceScopeFactory scopes, TimeProvider time)
    where T : class, IHighVolumeEvent
{
    // Whoever produces has a loop that tries again, and that says what it waits for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private bool _isThere;

    /// <summary>Returns when the broker has confirmed all of them; they go in their order.</summary>
    /// <param name="events">The events.</param>
    /// <param name="idOf">The message id of an event: one that is produced again has the one that it had.</param>
    /// <param name="cancellationToken">Gives up; which of them are in the topic is not known then.</param>
    /// <exception cref="StreamUnavailableException">They were not confirmed within 20 s.</exception>
    public async Task ProduceAsync(IReadOnlyList<T> events, Func<T, Guid> idOf, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await ProduceAllAsync(events, idOf, cancel.Token);
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new StreamUnavailableException($"{events.Count} events for {T.Topic} were not confirmed within {Patience.TotalSeconds:0} s", e)
            {
                Broker = broker.Name,
            };
        }
        catch (UnknownTopicException)
        {
            _isThere = false;
            throw;
        }
    }

    private async Task ProduceAllAsync(IReadOnlyList<T> events, Func<T, Guid> idOf, CancellationToken cancellationToken)
    {
        if (!_isThere) await EnsureAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var producer = scope.ServiceProvider.GetRequiredService<ITopicProducer<T>>();
        await Task.WhenAll(events.Select(
            happened => producer.Produce(happened, Pipe.Execute<KafkaSendContext<T>>(context => context.MessageId = idOf(happened)), cancellationToken)));
    }

    // One that is there stays as it is, whatever the configuration says now.
    private async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var chosen = options.Value;
        await broker.FindOrMakeTopicAsync(new(T.Topic, chosen.Partitions, chosen.Retention, chosen.MaxBytes), cancellationToken);
        _isThere = true;
    }
}
