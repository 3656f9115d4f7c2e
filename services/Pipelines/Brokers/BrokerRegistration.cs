using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Kafka;
using Conductor.Kafka.Connections;
using Conductor.Pipelines.Runtime;
using Conductor.RabbitMqStreams;
using Conductor.ServiceDefaults.Servers;
using Microsoft.Extensions.Options;

namespace Conductor.Pipelines.Brokers;

/// <summary>The brokers that configuration names: RabbitMQ always, Kafka where <c>ConnectionStrings:kafka</c> says where it is.</summary>
internal static class BrokerRegistration
{
    private const string RabbitMq = "rabbitmq";
    private const string Kafka = "kafka";

    public static void AddStreamBrokers(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(CreateRabbitMq);
        builder.AddServerOutage(RabbitMq, e => e is StreamUnavailableException { Broker: RabbitMq });
        var servers = builder.Configuration.GetConnectionString(Kafka);
        if (!string.IsNullOrEmpty(servers))
        {
            services.AddSingleton(provider => CreateKafka(provider, servers));
            builder.AddServerHealth(Kafka, provider => new ServerProbe($"Kafka at {servers}",
                provider.GetRequiredService<KafkaStreamBroker>().PingAsync, e => e is StreamUnavailableException { Broker: Kafka }));
        }
        services.AddSingleton(provider => new StreamBrokers(
            [provider.GetRequiredService<RabbitMqStreamBroker>(), .. provider.GetServices<KafkaStreamBroker>()],
            provider.GetRequiredService<IOptions<PipelineOptions>>().Value.Broker));
    }

    private static RabbitMqStreamBroker CreateRabbitMq(IServiceProvider provider)
    {
        var address = provider.GetRequiredService<IConfiguration>().GetConnectionString(RabbitMq)
            ?? throw new InvalidOperationException("ConnectionStrings:rabbitmq is not set");
        var options = new RabbitMqStreamOptions
        {
            Address = new Uri(address), ClientName = "pipelines", Lease = provider.GetRequiredService<IOptions<PipelineOptions>>().Value.Lease
        };
        return new RabbitMqStreamBroker(options, provider.GetRequiredService<ITopicStore>(), provider.GetRequiredService<IGroupStore>(),
            provider.GetRequiredService<TimeProvider>());
    }

    private static KafkaStreamBroker CreateKafka(IServiceProvider provider, string servers)
    {
        var section = provider.GetRequiredService<IConfiguration>().GetSection("Kafka");
        var options = new KafkaStreamOptions
        {
            BootstrapServers = servers,
            ClientName = "pipelines",
            Settings = KafkaSettings.Read(section.GetSection("Settings").GetChildren().Select(s => KeyValuePair.Create(s.Key, s.Value))),
            Compression = section["Compression"] ?? "lz4",
            Replication = section.GetValue<short?>("Replication"),
            HasStaticMembers = section.GetValue("StaticMembers", defaultValue: false),
            Lease = provider.GetRequiredService<IOptions<PipelineOptions>>().Value.Lease,
        };
        return new KafkaStreamBroker(options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IGroupRuns>(),
            provider.GetRequiredService<ILogger<KafkaStreamBroker>>());
    }
}
