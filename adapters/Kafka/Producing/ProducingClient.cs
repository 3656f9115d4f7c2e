using Conductor.Domain.Streams.Brokers;
using Conductor.Kafka.Connections;
using Conductor.Kafka.Metrics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Conductor.Kafka.Producing;

/// <summary>A client that produces, and who has records under way in it.</summary>
internal sealed class ProducingClient : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<SendWindow> _windows = [];
    private readonly ClusterAdmin _cluster;
    private readonly ClientMetrics _metrics;
    private readonly ClientGate _gate = new(() => KafkaErrors.Unavailable("the producer has been replaced"));
    private readonly IProducer<byte[]?, byte[]?> _producer;

    public ProducingClient(ProducerConfig config, ClusterAdmin cluster, ILogger logger)
    {
        (_cluster, _metrics) = (cluster, KafkaMetrics.Add(config.TransactionalId is null ? "producing" : "transactions"));
        var watch = new BrokerWatch { AllDown = error => _ = Task.Run(() => LookAsync(error)), Fatal = End };
        _producer = new ProducerBuilder<byte[]?, byte[]?>(config).SetErrorHandler((_, e) => watch.Note(e))
            .SetStatisticsHandler((_, json) => _metrics.Note(json)).SetLogHandler((_, m) => ClientLog.Write(logger, m)).Build();
    }

    /// <summary>Called before each record; null where nothing is to be done then.</summary>
    public Action? Producing { get; init; }

    /// <summary>Nothing can be produced with it any more.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Hands a record over.</summary>
    /// <exception cref="StreamUnavailableException">The client has been replaced.</exception>
    public void Produce(TopicPartition partition, Message<byte[]?, byte[]?> message, Action<DeliveryReport<byte[]?, byte[]?>> delivered)
    {
        using var call = _gate.Enter();
        Producing?.Invoke();
        _producer.Produce(partition, message, delivered);
    }

    /// <summary>Has the client do something while nobody disposes it.</summary>
    /// <exception cref="StreamUnavailableException">The client has been replaced.</exception>
    public void Do(Action<IProducer<byte[]?, byte[]?>> act)
    {
        using var call = _gate.Enter();
        act(_producer);
    }

    public void Add(SendWindow window)
    {
        lock (_lock) _windows.Add(window);
    }

    public void Remove(SendWindow window)
    {
        lock (_lock) _windows.Remove(window);
    }

    public void Dispose()
    {
        _gate.Close(_producer.Dispose);
        _metrics.Dispose();
    }

    // The client says that all brokers are down as well when it merely has no connection open: whoever waits is told when a question fails, too.
    private async Task LookAsync(Error error)
    {
        try
        {
            await _cluster.PingAsync(CancellationToken.None);
        }
        catch (StreamUnavailableException e)
        {
            Fail(KafkaErrors.Unavailable($"{error.Reason} ({e.Message})", e));
        }
    }

    private void End(Error error)
    {
        IsSpent = true;
        Fail(KafkaErrors.Unavailable(error));
    }

    private void Fail(StreamUnavailableException failure)
    {
        lock (_lock)
        {
            foreach (var window in _windows) window.Fail(failure);
        }
    }
}
