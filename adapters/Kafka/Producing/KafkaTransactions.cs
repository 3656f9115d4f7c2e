using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Kafka.Connections;
using Conductor.Kafka.Consuming;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Conductor.Kafka.Producing;

/// <summary>Transactions of one transactional id, on a client of their own (KIP-98, KIP-447).</summary>
internal sealed class KafkaTransactions : IStreamTransactions
{
    private const int MostTries = 3;
    private readonly ProducingClient _client;
    private readonly KafkaStreamOptions _options;
    private readonly Func<ProducingClient, string, CancellationToken, Task<IStreamProducer>> _open;
    private bool _hasBegun;

    private KafkaTransactions(string name, KafkaStreamOptions options, ClusterAdmin cluster, ILogger logger,
        Func<ProducingClient, string, CancellationToken, Task<IStreamProducer>> open)
    {
        (_options, _open) = (options, open);
        _client = new ProducingClient(ClientSettings.Transactions(options, name), cluster, logger) { Producing = Begin };
    }

    /// <param name="name">The transactional id.</param>
    /// <param name="options">Options.</param>
    /// <param name="cluster">Asked when the brokers seem to be down.</param>
    /// <param name="logger">Log.</param>
    /// <param name="open">Opens a topic's producer on the client.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<KafkaTransactions> OpenAsync(string name, KafkaStreamOptions options, ClusterAdmin cluster, ILogger logger,
        Func<ProducingClient, string, CancellationToken, Task<IStreamProducer>> open, CancellationToken cancellationToken)
    {
        var transactions = new KafkaTransactions(name, options, cluster, logger, open);
        try
        {
            await DoAsync(() => Persist(() => transactions._client.Do(p => p.InitTransactions(options.Patience))), cancellationToken);
            return transactions;
        }
        catch
        {
            await transactions.DisposeAsync();
            throw;
        }
    }

    public Task<IStreamProducer> OpenProducerAsync(string topic, CancellationToken cancellationToken) => _open(_client, topic, cancellationToken);

    public Task CommitAsync(IPartitionReader reader, long nextOffset, CancellationToken cancellationToken)
    {
        var read = reader as KafkaPartitionReader ?? throw new ArgumentException("the reader is not one of Kafka's", nameof(reader));
        return DoAsync(() =>
        {
            Begin();
            Persist(() => _client.Do(p => p.SendOffsetsToTransaction([new(read.Place, nextOffset)], read.Member, _options.Patience)));
            Persist(() => _client.Do(p => p.CommitTransaction(_options.Patience)));
            _hasBegun = false;
        }, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // What is open is undone by whoever opens the name next, or by the cluster when its time is up; sooner, if it can be had.
        await Task.Run(() =>
        {
            try
            {
                if (_hasBegun && !_client.IsSpent) _client.Do(p => p.AbortTransaction(TimeSpan.FromSeconds(2)));
            }
            catch (KafkaException)
            {
                // Fenced, or out of reach: then it is not ours to undo.
            }
            _client.Dispose();
        });
    }

    private void Begin()
    {
        if (_hasBegun) return;
        _client.Do(p => p.BeginTransaction());
        _hasBegun = true;
    }

    private static async Task DoAsync(Action act, CancellationToken cancellationToken)
    {
        try
        {
            // The client's calls are not asynchronous; each has its limit.
            await Task.Run(act, cancellationToken);
        }
        catch (KafkaException e)
        {
            // While the group shares out its partitions anew a member that keeps its own is refused as well: whoever has lost one hears of it by the group.
            throw KafkaErrors.IsFenced(e.Error) && !KafkaErrors.IsRebalancing(e.Error)
                ? new FencedException($"Kafka: {e.Error.Reason}") : KafkaErrors.Unavailable(e);
        }
    }

    // The client says itself which of its calls may be made once more.
    private static void Persist(Action call)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                call();
                return;
            }
            catch (KafkaRetriableException) when (tries < MostTries)
            {
                // Once more.
            }
        }
    }
}
