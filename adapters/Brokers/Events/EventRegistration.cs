using Conductor.Contracts;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Conductor.Brokers.Events;

/// <summary>Puts the platform's high-volume events on topics.</summary>
public static class EventRegistration
{
    /// <summary>
    /// The broker that the service's events go to by its configuration (section <c>Events</c>); null where it has none, or is not to produce any.
    /// </summary>
    /// <exception cref="InvalidOperationException">The configuration names a broker that is not there.</exception>
    public static string? EventBroker(this IHostApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection("Events").Get<EventOptions>() ?? new();
        if (!options.Enabled) return null;
        var (hasKafka, hasRabbitMq) = (builder.KafkaServers() is not null, builder.HasRabbitMqTopics());
        return options.Broker switch
        {
            null => hasKafka ? BrokerRegistration.Kafka : hasRabbitMq ? BrokerRegistration.RabbitMq : null,
            BrokerRegistration.Kafka when hasKafka => options.Broker,
            BrokerRegistration.RabbitMq when hasRabbitMq => options.Broker,
            _ => throw new InvalidOperationException($"Events:Broker names '{options.Broker}', which is not configured"),
        };
    }

    /// <summary>Events of a type can be produced, by <see cref="EventTopic{T}"/>. Call it within <c>AddBus</c>, once.</summary>
    /// <param name="bus">The service's bus.</param>
    /// <param name="broker">Name of the broker of all that the service produces.</param>
    public static void AddEvents<T>(this IBusRegistrationConfigurator bus, string broker)
        where T : class, IHighVolumeEvent
    {
        bus.AddOptions<EventOptions>().BindConfiguration("Events");
        bus.AddSingleton(provider => ActivatorUtilities.CreateInstance<EventTopic<T>>(provider, provider.GetRequiredService<StreamBrokers>().Get(broker)));
        bus.AddRider(rider =>
        {
            rider.AddProducer<string, T>(T.Topic, context => context.Message.Key);
            rider.UsingStreams(provider => provider.GetRequiredService<StreamBrokers>().Get(broker), (_, _) => { });
        });
    }
}
