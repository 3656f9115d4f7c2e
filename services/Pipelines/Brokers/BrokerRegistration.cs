using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Pipelines.Runtime;
using Conductor.RabbitMqStreams;
using Microsoft.Extensions.Options;

namespace Conductor.Pipelines.Brokers;

/// <summary>Makes the brokers that are configured.</summary>
internal static class BrokerRegistration
{
    public static void AddStreamBrokers(this IServiceCollection services)
    {
        services.AddSingleton(provider => new StreamBrokers([CreateRabbitMq(provider)], Options(provider).Broker));
        services.AddSingleton(provider => provider.GetRequiredService<StreamBrokers>().Default);
    }

    private static PipelineOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<PipelineOptions>>().Value;

    private static RabbitMqStreamBroker CreateRabbitMq(IServiceProvider provider)
    {
        var address = provider.GetRequiredService<IConfiguration>().GetConnectionString("rabbitmq")
            ?? throw new InvalidOperationException("ConnectionStrings:rabbitmq is not set");
        var options = new RabbitMqStreamOptions { Address = new Uri(address), ClientName = "pipelines", Lease = Options(provider).Lease };
        return new RabbitMqStreamBroker(options, provider.GetRequiredService<ITopicStore>(), provider.GetRequiredService<IGroupStore>(),
            provider.GetRequiredService<TimeProvider>());
    }
}
