using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Kafka;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Conductor.StreamRider.Configuration;

/// <summary>The broker of <c>UsingKafka</c>, where no <see cref="KafkaBrokerFactory"/> is registered: the adapter of Kafka.</summary>
internal static class KafkaBrokers
{
    public static IStreamBroker Create(KafkaHost host, IServiceProvider provider) => new KafkaStreamBroker(
        OptionsOf(host), provider.GetService<TimeProvider>() ?? TimeProvider.System, provider.GetService<IGroupRuns>(),
        provider.GetService<ILogger<KafkaStreamBroker>>());

    internal static KafkaStreamOptions OptionsOf(KafkaHost host)
    {
        var options = new KafkaStreamOptions { BootstrapServers = string.Join(',', host.Servers), Settings = SettingsOf(host) };
        return host.ClientId is null ? options : options with { ClientName = host.ClientId };
    }

    // Under librdkafka's names.
    private static Dictionary<string, string> SettingsOf(KafkaHost host)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        Set("security.protocol", ProtocolOf(host));
        Set("ssl.ca.location", host.Ssl?.CaLocation);
        Set("ssl.certificate.location", host.Ssl?.CertificateLocation);
        Set("ssl.key.location", host.Ssl?.KeyLocation);
        Set("ssl.key.password", host.Ssl?.KeyPassword);
        Set("sasl.mechanism", host.Sasl is null ? null : MechanismOf(host.Sasl.Mechanism));
        Set("sasl.username", host.Sasl?.Username);
        Set("sasl.password", host.Sasl?.Password);
        return settings;

        void Set(string name, string? value)
        {
            if (value is not null) settings[name] = value;
        }
    }

    // What was configured says it, where nobody has.
    private static string? ProtocolOf(KafkaHost host) => (host.SecurityProtocol, host.Sasl, host.Ssl) switch
    {
        (SecurityProtocol.SaslSsl, _, _) or (null, not null, not null) => "sasl_ssl",
        (SecurityProtocol.SaslPlaintext, _, _) or (null, not null, null) => "sasl_plaintext",
        (SecurityProtocol.Ssl, _, _) or (null, null, not null) => "ssl",
        (SecurityProtocol.Plaintext, _, _) => "plaintext",
        _ => null,
    };

    private static string MechanismOf(SaslMechanism mechanism) => mechanism switch
    {
        SaslMechanism.Plain => "PLAIN",
        SaslMechanism.ScramSha256 => "SCRAM-SHA-256",
        SaslMechanism.ScramSha512 => "SCRAM-SHA-512",
        _ => throw new ArgumentOutOfRangeException(nameof(mechanism), mechanism, "unknown mechanism"),
    };
}
