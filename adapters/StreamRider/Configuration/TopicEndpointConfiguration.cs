using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;
using Conductor.StreamRider.Consuming;
using Conductor.StreamRider.Producing;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Conductor.StreamRider.Configuration;

/// <summary>One topic endpoint while it is configured.</summary>
internal sealed class TopicEndpointConfiguration<TKey, TValue> : ReceiveEndpointConfiguration, IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>
    where TValue : class
{
    private readonly IBusInstance _bus;
    private KafkaTopicOptions? _topic;
    private TopicEndpointSettings _settings;

    /// <param name="bus">The bus that the endpoint rides.</param>
    /// <param name="endpoint">What the bus gives its endpoints.</param>
    /// <param name="source">What it reads.</param>
    public TopicEndpointConfiguration(IBusInstance bus, IReceiveEndpointConfiguration endpoint, ConsumedTopic source)
        : base(bus.HostConfiguration, endpoint)
    {
        _bus = bus;
        (HostAddress, InputAddress) = (endpoint.HostAddress, endpoint.InputAddress);
        _settings = new(source) { CheckpointInterval = TimeSpan.FromSeconds(1), CheckpointCount = 5_000, Window = 10_000 };
        (ConcurrentMessageLimit, PrefetchCount) = (1, 1_000);
        AddDeserializer(new TopicDeserializer<TKey, TValue>(), isDefault: true);
    }

    public override Uri HostAddress { get; }

    public override Uri InputAddress { get; }

    public AutoOffsetReset? AutoOffsetReset
    {
        set => _settings = value == MassTransit.AutoOffsetReset.Latest
            ? _settings with { Start = new StreamPosition.End(), OnLostPosition = LostPositionPolicy.Latest }
            : _settings with { Start = new StreamPosition.Beginning(), OnLostPosition = LostPositionPolicy.Earliest };
    }

    public string GroupInstanceId
    {
        set => _settings = _settings with { Instance = value };
    }

    public TimeSpan CheckpointInterval
    {
        set => _settings = _settings with { CheckpointInterval = value };
    }

    public ushort CheckpointMessageCount
    {
        set => _settings = _settings with { CheckpointCount = value };
    }

    public ushort MessageLimit
    {
        set => _settings = _settings with { Window = value };
    }

    public void CreateIfMissing(Action<KafkaTopicOptions>? configure = null)
    {
        _topic = new();
        configure?.Invoke(_topic);
    }

    public override IEnumerable<ValidationResult> Validate()
    {
        foreach (var result in base.Validate()) yield return result;
        if (_settings.CheckpointInterval <= TimeSpan.Zero) yield return Refuse(nameof(CheckpointInterval), "must be longer than nothing");
        if (_settings.CheckpointCount == 0) yield return Refuse(nameof(CheckpointMessageCount), "must be at least 1");
        if (_settings.Window == 0) yield return Refuse(nameof(MessageLimit), "must be at least 1");
        if (ConcurrentMessageLimit < 1) yield return Refuse(nameof(ConcurrentMessageLimit), "must be at least 1");
        if (PrefetchCount < 1) yield return Refuse(nameof(PrefetchCount), "must be at least 1");
        if (_topic?.NumPartitions == 0) yield return Refuse(nameof(KafkaTopicOptions.NumPartitions), "must be at least 1");
        if (_topic is { ReplicationFactor: not 1 })
            yield return Refuse(nameof(KafkaTopicOptions.ReplicationFactor), "must be 1 or left out: copies are what the cluster makes by default");
    }

    public override ReceiveEndpointContext CreateReceiveEndpointContext() => new TopicReceiveEndpointContext(_bus, this, _settings.Source);

    /// <summary>The endpoint as it is configured.</summary>
    public ReceiveEndpoint Build(TopicTransports transports, ILoggerFactory logs)
    {
        ApplySpecifications(new ReceiveEndpointBuilder(this));
        var context = CreateReceiveEndpointContext();
        var deadLetters = new DeadLetterTransport(
            new(transports, _settings.Source.Topic, ".error"), new(transports, _settings.Source.Topic, ".skipped"));
        var dispatcher = context.CreateReceivePipeDispatcher();
        var health = new EndpointHealth(context);
        var consumer = new RecordConsumer(dispatcher, ContextOf, deadLetters, health, logs.CreateLogger<RecordConsumer>());
        var endpoint = new TopicEndpoint(Settings(), transports.Broker, consumer, health, new(logs.CreateLogger<EndpointLog>()));
        return new(new TopicReceiveTransport(context, endpoint, dispatcher.GetMetrics), context);

        TopicReceiveContext<TKey> ContextOf(ConsumedRecord record, bool again) => new(record, context, again, deadLetters);
    }

    private TopicEndpointSettings Settings() => _settings with
    {
        Create = _topic is null ? null : new TopicSpecification(_settings.Source.Topic, _topic.NumPartitions, _topic.Retention).Limited,
        Parallelism = ConcurrentMessageLimit ?? 1,
        Prefetch = Math.Max(PrefetchCount, ConcurrentMessageLimit ?? 1),
    };

    private ValidationResult Refuse(string setting, string why) => this.Failure($"{_settings.Source.Topic}: {setting}", why);
}
