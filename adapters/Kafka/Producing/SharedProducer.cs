using Conductor.Kafka.Connections;
using Microsoft.Extensions.Logging;

namespace Conductor.Kafka.Producing;

/// <summary>
/// One idempotent client for all producers of the process, so that their records share batches and connections; made anew when it has ended for good.
/// </summary>
internal sealed class SharedProducer(KafkaStreamOptions options, ClusterAdmin cluster, ILogger logger) : IDisposable
{
    private readonly Lock _lock = new();
    private ProducingClient? _client;

    public ProducingClient Client
    {
        get
        {
            lock (_lock)
            {
                if (_client is { IsSpent: true } spent)
                {
                    spent.Dispose();
                    _client = null;
                }
                return _client ??= new ProducingClient(ClientSettings.Producer(options), cluster, logger);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock) _client?.Dispose();
    }
}
