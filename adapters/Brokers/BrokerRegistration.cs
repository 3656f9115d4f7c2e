using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Kafka;
using Conductor.Kafka.Connections;
using Conductor.RabbitMqStreams;
using Conductor.ServiceDefaults.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conductor.Brokers;

/// <summary>The brokers of streams that a service's configuration names.</summary>
public static class BrokerRegistration
{
    /// <summary>RabbitMQ's name among the brokers.</summary>
    public const string RabbitMq = "rabbitmq";

    /// <summary>Kafka's name among the brokers.</summary>
    public const string Kafka = "kafka";

    /// <summary>
    /// Registers <see cref="StreamBrokers"/>, with health checks: Kafka where <c>ConnectionStrings:kafka</c> says where it is; RabbitMQ
    /// (<c>ConnectionStrings:rabbitmq</c>) where an <see cref="ITopicStore"/> has been registered, which its topics need.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="clientName">Names the service to the brokers.</param>
    /// <param name="settings">The broker of which nothing else is said, and how long what a vanished process held stays reserved for it.</param>
    public static void AddStreamBrokers(
        this IHostApplicationBuilder builder, string clientName, Func<IServiceProvider, (string Default, TimeSpan Lease)> settings)
    {
        var services = builder.Services;
        if (builder.HasRabbitMqTopics())
        {
            services.AddSingleton(provider => CreateRabbitMq(provider, clientName, settings(provider).Lease));
            builder.AddServerOutage(RabbitMq, e => e is StreamUnavailableException { Broker: RabbitMq });
        }
        if (builder.KafkaServers() is { } servers)
        {
            services.AddSingleton(provider => CreateKafka(provider, servers, clientName, settings(provider).Lease));
            builder.AddServerHealth(Kafka, provider => new ServerProbe($"Kafka at {servers}",
                provider.GetRequiredService<KafkaStreamBroker>().PingAsync, e => e is StreamUnavailableException { Broker: Kafka }));
        }
        services.AddSingleton(provider => new StreamBrokers(
            [.. provider.GetServices<RabbitMqStreamBroker>(), .. provider.GetServices<KafkaStreamBroker>()], settings(provider).Default));
    }

    internal static bool HasRabbitMqTopics(this IHostApplicationBuilder builder) =>
        builder.Services.Any(service => service.ServiceType == typeof(ITopicStore));

    internal static string? KafkaServers(this IHostApplicationBuilder builder) =>
        builder.Configuration.GetConnectionString(Kafka) is { Length: > 0 } servers ? servers : null;

    private static RabbitMqStreamBroker CreateRabbitMq(IServiceProvider provider, string clientName, TimeSpan lease)
    {
        var address = provider.GetRequiredService<IConfiguration>().GetConnectionString(RabbitMq)
            ?? throw new InvalidOperationException("ConnectionStrings:rabbitmq is not set");
        return new RabbitMqStreamBroker(
            new() { Address = new Uri(address), ClientName = clientName, Lease = lease },
            provider.GetRequiredService<ITopicStore>(), provider.GetRequiredService<IGroupStore>(), provider.GetRequiredService<TimeProvider>());
    }

    private static KafkaStreamBroker CreateKafka(IServiceProvider provider, string servers, string clientName, TimeSpan lease)
    {
        var section = provider.GetRequiredService<IConfiguration>().GetSection("Kafka");
        var options = new KafkaStreamOptions
        {
            BootstrapServers = servers,
            ClientName = clientName,
            Settings = KafkaSettings.Read(section.GetSection("Settings").GetChildren().Select(s => KeyValuePair.Create(s.Key, s.Value))),
            Compression = section["Compression"] ?? "lz4",
            Replication = section.GetValue<short?>("Replication"),
            HasStaticMembers = section.GetValue("StaticMembers", defaultValue: false),
            Lease = lease,
        };
        return new KafkaStreamBroker(
            options, provider.GetRequiredService<TimeProvider>(), provider.GetService<IGroupRuns>(), provider.GetRequiredService<ILogger<KafkaStreamBroker>>());
    }
}
