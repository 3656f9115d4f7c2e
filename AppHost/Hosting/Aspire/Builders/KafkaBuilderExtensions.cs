using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Engines;

namespace Aspire.Hosting;

/// <summary>Adds Kafka.</summary>
public static class KafkaBuilderExtensions
{
    /// <summary>
    /// Adds a broker: the one that <c>ConnectionStrings:name</c> names, else a private one from <c>KAFKA_HOME</c>. Without either the
    /// resource is shown as not available, nothing waits for it, and references to it must be optional.
    /// </summary>
    public static IResourceBuilder<KafkaServerResource> AddKafka(this IDistributedApplicationBuilder builder, string name, int? port = null) =>
        EngineParameters.Add(builder, new KafkaServerResource(name), KafkaServerResource.PrimaryEndpointName, port, 9092).WithImage("apache/kafka", "4.2.0");

    /// <summary>Keeps a container's data in a volume. A private broker always keeps its data.</summary>
    public static IResourceBuilder<KafkaServerResource> WithDataVolume(this IResourceBuilder<KafkaServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithVolume(name ?? $"{builder.Resource.Name}-data", "/var/lib/kafka/data", isReadOnly);
}
