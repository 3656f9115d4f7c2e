using Conductor.Engines;

namespace Conductor.Pipelines.Tests.Service.Brokers;

/// <summary>Tests that share a Kafka broker; it starts with the first of them.</summary>
[CollectionDefinition(nameof(KafkaCollection))]
public sealed class KafkaCollection : ICollectionFixture<KafkaServer>;
