namespace MassTransit;

/// <summary>Credentials and certificates of a connection to Kafka.</summary>
public interface IKafkaHostConfigurator
{
    /// <summary>Encrypts the connection.</summary>
    void UseSsl(Action<IKafkaSslConfigurator>? configure = null);

    /// <summary>Authenticates by SASL.</summary>
    void UseSasl(Action<IKafkaSaslConfigurator> configure);
}

/// <summary>Certificates, as librdkafka takes them (<c>ssl.*</c>).</summary>
public interface IKafkaSslConfigurator
{
    /// <summary>File or folder of the authorities that sign the brokers' certificates; the system's by default.</summary>
    string CaLocation { set; }

    /// <summary>File of this client's certificate, in PEM.</summary>
    string CertificateLocation { set; }

    /// <summary>File of this client's private key, in PEM.</summary>
    string KeyLocation { set; }

    /// <summary>Passphrase of the private key.</summary>
    string KeyPassword { set; }
}

/// <summary>Credentials, as librdkafka takes them (<c>sasl.*</c>).</summary>
public interface IKafkaSaslConfigurator
{
    /// <summary>How to authenticate.</summary>
    SaslMechanism Mechanism { set; }

    /// <summary>Who.</summary>
    string Username { set; }

    /// <summary>The password.</summary>
    string Password { set; }
}

/// <summary>How connections are secured (Kafka's <c>security.protocol</c>).</summary>
public enum SecurityProtocol
{
    /// <summary>Neither encrypted nor authenticated.</summary>
    Plaintext,
    /// <summary>Encrypted.</summary>
    Ssl,
    /// <summary>Authenticated by SASL.</summary>
    SaslPlaintext,
    /// <summary>Encrypted, and authenticated by SASL.</summary>
    SaslSsl,
}

/// <summary>How SASL authenticates (Kafka's <c>sasl.mechanism</c>).</summary>
public enum SaslMechanism
{
    /// <summary>Name and password as they are.</summary>
    Plain,
    /// <summary>SCRAM-SHA-256.</summary>
    ScramSha256,
    /// <summary>SCRAM-SHA-512.</summary>
    ScramSha512,
}
