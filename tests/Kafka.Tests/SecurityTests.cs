using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Conductor.Domain.Streams.Brokers;
using Conductor.Engines;
using Conductor.Kafka.Connections;
using Conductor.StreamContract;
using Conductor.Testing;
using static Conductor.StreamContract.Steps;

namespace Conductor.Kafka.Tests;

/// <summary>A cluster with SASL over TLS: who is let in, and how soon the others hear why not.</summary>
[Integration]
public sealed class SecurityTests
{
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Password_and_certificate_are_references_and_a_wrong_one_is_an_error_in_seconds()
    {
        Assert.SkipWhen(KafkaEngine.Home is null, "there is no Kafka here: KAFKA_HOME names no distribution");
        using var folder = new TemporaryFolder();
        using var key = RSA.Create(2048);
        using var certificate = Certificate(key);
        await using var kafka = await KafkaEngine.StartAsync(Path.Combine(folder.Path, "kafka"), Settings(key, certificate), Soon(60));
        var (password, trusted) = (Path.Combine(folder.Path, "password"), Path.Combine(folder.Path, "ca.pem"));
        await File.WriteAllTextAsync(password, "right\n", Soon());
        await File.WriteAllTextAsync(trusted, certificate.ExportCertificatePem(), Soon());

        using (var broker = Broker(kafka, ("sasl_password", "file:" + password), ("ssl_ca_location", trusted)))
        {
            var topic = await broker.NewTopicAsync(2);
            await broker.ProduceAsync(topic, ["a", "b", "c"]);
            await using var member = new RunningMember(await broker.JoinAsync(topic, topic, "m"));
            await member.FirstAsync();
        }

        await File.WriteAllTextAsync(password, "wrong", Soon());
        (await RefusalAsync(kafka, ("sasl_password", "file:" + password), ("ssl_ca_location", trusted))).ShouldContain("uthentication");
        using var stranger = Certificate(key);
        await File.WriteAllTextAsync(trusted, stranger.ExportCertificatePem(), Soon());
        (await RefusalAsync(kafka, ("sasl_password", "file:" + password), ("ssl_ca_location", trusted))).ShouldContain("certificate");
        (await RefusalAsync(kafka, ("sasl_password", "file:" + password))).ShouldContain("certificate");
    }

    private static async Task<string> RefusalAsync(KafkaEngine kafka, params (string Name, string Value)[] settings)
    {
        using var broker = Broker(kafka, settings);
        var clock = Stopwatch.StartNew();
        var refusal = await Should.ThrowAsync<StreamUnavailableException>(() => broker.FindTopicAsync("t", Soon()));
        clock.Elapsed.ShouldBeLessThan(Seconds);
        return refusal.Message;
    }

    private static KafkaStreamBroker Broker(KafkaEngine kafka, params (string Name, string Value)[] settings) => new(new KafkaStreamOptions
    {
        BootstrapServers = kafka.ConnectionString,
        Settings = KafkaSettings.Read(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value)).Concat(
        [
            new("security_protocol", "sasl_ssl"), new("sasl_mechanism", "PLAIN"), new("sasl_username", "conductor"),
            // The certificate is for the address that the broker listens at.
            new("ssl_endpoint_identification_algorithm", "none"),
        ])),
    }, TimeProvider.System);

    private static Dictionary<string, string> Settings(RSA key, X509Certificate2 certificate) => new(StringComparer.Ordinal)
    {
        ["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,PLAINTEXT:SASL_SSL",
        ["inter.broker.listener.name"] = "PLAINTEXT",
        ["sasl.mechanism.inter.broker.protocol"] = "PLAIN",
        ["sasl.enabled.mechanisms"] = "PLAIN",
        ["listener.name.plaintext.plain.sasl.jaas.config"] = "org.apache.kafka.common.security.plain.PlainLoginModule required "
            + "username=\"broker\" password=\"own\" user_broker=\"own\" user_conductor=\"right\";",
        ["ssl.keystore.type"] = "PEM",
        ["ssl.keystore.key"] = Line(key.ExportPkcs8PrivateKeyPem()),
        ["ssl.keystore.certificate.chain"] = Line(certificate.ExportCertificatePem()),
        ["ssl.truststore.type"] = "PEM",
        ["ssl.truststore.certificates"] = Line(certificate.ExportCertificatePem()),
        ["ssl.endpoint.identification.algorithm"] = "",
    };

    private static string Line(string pem) => pem.ReplaceLineEndings("\\n");

    private static X509Certificate2 Certificate(RSA key)
    {
        var request = new CertificateRequest($"CN=127.0.0.1,O={Guid.NewGuid():N}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
