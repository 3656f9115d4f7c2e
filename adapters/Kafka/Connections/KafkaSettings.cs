namespace Conductor.Kafka.Connections;

/// <summary>
/// Reads librdkafka's properties (its CONFIGURATION.md) from configuration. Underscores stand for dots, so that environment variables can name them
/// (<c>sasl_username</c>). Secrets are references: <c>file:/path</c> or <c>env:NAME</c>.
/// </summary>
public static class KafkaSettings
{
    private static readonly string[] Secrets =
        ["sasl.password", "ssl.key.password", "ssl.key.pem", "ssl.keystore.password", "sasl.oauthbearer.client.secret"];

    // What correctness rests on is not for others to set.
    private static readonly string[] Ours =
    [
        "bootstrap.servers", "client.id", "group.id", "group.instance.id", "group.protocol", "partition.assignment.strategy", "enable.auto.commit",
        "enable.auto.offset.store", "auto.offset.reset", "enable.idempotence", "acks", "transactional.id", "isolation.level", "session.timeout.ms",
        "max.poll.interval.ms", "enable.partition.eof",
    ];

    /// <summary>The properties with their values.</summary>
    /// <exception cref="ArgumentException">One cannot be set, or a reference leads nowhere; the message names it, and never its value.</exception>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in settings)
        {
            if (value is null) continue;
            var name = key.Replace('_', '.');
            if (Ours.Contains(name, StringComparer.Ordinal)) throw new ArgumentException($"Kafka:Settings:{key} is not yours to set: correctness rests on it");
            read[name] = Resolve(key, value, Secrets.Contains(name, StringComparer.Ordinal));
        }
        return read;
    }

    private static string Resolve(string key, string value, bool isSecret)
    {
        if (value.StartsWith("file:", StringComparison.Ordinal)) return Text(key, value["file:".Length..]);
        if (value.StartsWith("env:", StringComparison.Ordinal))
            return Environment.GetEnvironmentVariable(value["env:".Length..])
                ?? throw new ArgumentException($"Kafka:Settings:{key}: there is no environment variable {value["env:".Length..]}");
        if (isSecret) throw new ArgumentException($"Kafka:Settings:{key} is a secret: write file:/path or env:NAME instead of the value");
        return value;
    }

    private static string Text(string key, string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"Kafka:Settings:{key}: {e.Message}", e);
        }
    }
}
