using System.Text.RegularExpressions;
using Conductor.StreamRider.Consuming;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Observables;

namespace Conductor.StreamRider.Configuration;

/// <summary>Collects what a rider is configured with.</summary>
internal sealed partial class StreamRiderConfigurator : IKafkaFactoryConfigurator, ISpecification
{
    private const int LongestTopic = 190;
    private readonly List<TopicEndpointRegistration> _endpoints = [];
    private readonly List<string> _faults = [];
    private readonly bool _isKafka;
    private string? _clientId;
    private SecurityProtocol? _securityProtocol;
    private HostConfiguration? _host;

    public StreamRiderConfigurator(bool isKafka) => _isKafka = isKafka;

    public IReadOnlyList<TopicEndpointRegistration> Endpoints => _endpoints;

    public ReceiveEndpointObservable Observers { get; } = new();

    public Action<ISendPipeConfigurator>? Sending { get; private set; }

    public string ClientId
    {
        set => _clientId = value;
    }

    public SecurityProtocol? SecurityProtocol
    {
        set => _securityProtocol = value;
    }

    /// <summary>How to reach Kafka.</summary>
    /// <exception cref="ConfigurationException">Nobody said where it is.</exception>
    public KafkaHost KafkaHost => _host is null ? throw new ConfigurationException("UsingKafka: k.Host(\"HOST:PORT\") is missing") : new()
    {
        Servers = _host.Servers, ClientId = _clientId, SecurityProtocol = _securityProtocol, Ssl = _host.Ssl, Sasl = _host.Sasl,
    };

    public void Host(IReadOnlyList<string> servers, Action<IKafkaHostConfigurator>? configure = null)
    {
        if (!_isKafka) throw new ConfigurationException("UsingStreams is given its broker; Host is for UsingKafka");
        if (_host is not null) throw new ConfigurationException("Host was called before: a rider has one cluster");
        if (servers.Count == 0) throw new ConfigurationException("Host names no server");
        _host = new(servers);
        configure?.Invoke(_host);
    }

    public void TopicEndpoint<TKey, TValue>(string topicName, string groupId, Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure)
        where TValue : class
    {
        // A topic has others beside it, with longer names.
        if (!Word().IsMatch(topicName) || topicName.Length > LongestTopic)
            _faults.Add($"'{topicName}' is no name of a topic: letters, digits, dots, dashes and underscores, at most {LongestTopic}");
        if (!Word().IsMatch(groupId)) _faults.Add($"'{groupId}' is no name of a group: letters, digits, dots, dashes and underscores, at most 200");
        var endpoint = TopicEndpointRegistration.Of(new(topicName, groupId), configure);
        if (_endpoints.Any(other => other.Name == endpoint.Name)) _faults.Add($"group {groupId} has two endpoints for topic {topicName}");
        _endpoints.Add(endpoint);
    }

    public void ConfigureSend(Action<ISendPipeConfigurator> callback) => Sending += callback;

    public ConnectHandle ConnectReceiveEndpointObserver(IReceiveEndpointObserver observer) => Observers.Connect(observer);

    public IEnumerable<ValidationResult> Validate() => _faults.Select(fault => this.Failure(fault));

    [GeneratedRegex("^[A-Za-z0-9._-]{1,200}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    private sealed record HostConfiguration(IReadOnlyList<string> Servers) : IKafkaHostConfigurator
    {
        public KafkaSsl? Ssl { get; private set; }

        public KafkaSasl? Sasl { get; private set; }

        public void UseSsl(Action<IKafkaSslConfigurator>? configure = null)
        {
            Ssl = new();
            configure?.Invoke(Ssl);
        }

        public void UseSasl(Action<IKafkaSaslConfigurator> configure)
        {
            Sasl = new();
            configure(Sasl);
        }
    }
}
