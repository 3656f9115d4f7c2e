using Conductor.Domain.Streams.Brokers;
using MassTransit;

namespace Conductor.StreamRider.Configuration;

/// <summary>How a rider is to reach Kafka, as <c>UsingKafka</c> was told.</summary>
public sealed record KafkaHost
{
    /// <summary>Some of the cluster's brokers, as <c>host:port</c>.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>What Kafka's logs and quotas call this client; null for the client's own default.</summary>
    public string? ClientId { get; init; }

    /// <summary>How the connections are secured; null where nobody said.</summary>
    public SecurityProtocol? SecurityProtocol { get; init; }

    /// <summary>Certificates; null without.</summary>
    public KafkaSsl? Ssl { get; init; }

    /// <summary>Credentials; null without.</summary>
    public KafkaSasl? Sasl { get; init; }
}

/// <summary>Certificates, as librdkafka takes them.</summary>
public sealed record KafkaSsl : IKafkaSslConfigurator
{
    /// <inheritdoc cref="IKafkaSslConfigurator.CaLocation"/>
    public string? CaLocation { get; private set; }

    /// <inheritdoc cref="IKafkaSslConfigurator.CertificateLocation"/>
    public string? CertificateLocation { get; private set; }

    /// <inheritdoc cref="IKafkaSslConfigurator.KeyLocation"/>
    public string? KeyLocation { get; private set; }

    /// <inheritdoc cref="IKafkaSslConfigurator.KeyPassword"/>
    public string? KeyPassword { get; private set; }

    string IKafkaSslConfigurator.CaLocation { set => CaLocation = value; }

    string IKafkaSslConfigurator.CertificateLocation { set => CertificateLocation = value; }

    string IKafkaSslConfigurator.KeyLocation { set => KeyLocation = value; }

    string IKafkaSslConfigurator.KeyPassword { set => KeyPassword = value; }
}

/// <summary>Credentials, as librdkafka takes them.</summary>
public sealed record KafkaSasl : IKafkaSaslConfigurator
{
    /// <inheritdoc cref="IKafkaSaslConfigurator.Mechanism"/>
    public SaslMechanism Mechanism { get; private set; }

    /// <inheritdoc cref="IKafkaSaslConfigurator.Username"/>
    public string? Username { get; private set; }

    /// <inheritdoc cref="IKafkaSaslConfigurator.Password"/>
    public string? Password { get; private set; }

    SaslMechanism IKafkaSaslConfigurator.Mechanism { set => Mechanism = value; }

    string IKafkaSaslConfigurator.Username { set => Username = value; }

    string IKafkaSaslConfigurator.Password { set => Password = value; }
}

/// <summary>Registered as a service, it makes the broker of <c>UsingKafka</c> in place of the adapter of Kafka.</summary>
/// <param name="host">How to reach it.</param>
/// <param name="provider">The services of the bus.</param>
/// <returns>A broker that the rider disposes of with its services.</returns>
public delegate IStreamBroker KafkaBrokerFactory(KafkaHost host, IServiceProvider provider);
