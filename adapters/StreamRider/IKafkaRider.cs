using MassTransit.Transports;

namespace MassTransit;

/// <summary>The rider of a bus: consumes topics while the bus runs, and produces to them.</summary>
public interface IKafkaRider : IRiderControl, ITopicProducerProvider;
