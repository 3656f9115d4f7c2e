using System.Diagnostics;
using Conductor.Domain.Streams.Brokers;
using Conductor.Kafka.Connections;
using Conductor.Kafka.Metrics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Conductor.Kafka.Consuming;

/// <summary>What a member of a group is told. Called on the member's thread, which keeps it in the group: not for long, but for handing over.</summary>
internal interface IMemberEvents
{
    void Given(IReadOnlyList<int> partitions);

    /// <summary>Others are to have these: returns when nobody works on them any more, or has taken too long.</summary>
    void Revoked(IReadOnlyList<int> partitions);

    /// <summary>Others have these already.</summary>
    void Lost(IReadOnlyList<int> partitions);

    /// <summary>The member is one no longer; null when it was told to leave.</summary>
    void Ended(Exception? failure);
}

/// <summary>
/// A member of a Kafka group, with cooperative rebalancing: it keeps the membership alive on a thread of its own and commits; reading is not its business,
/// so that whoever reads slowly is not taken for dead.
/// </summary>
internal sealed class Membership : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);
    private readonly IConsumer<Ignore, Ignore> _client;
    private readonly ClientGate _gate;
    private readonly BrokerWatch _watch;
    private readonly string _topic;
    private readonly IMemberEvents _events;
    private readonly TimeSpan _patience;
    private readonly ClientMetrics _metrics = KafkaMetrics.Add("member");
    private readonly Thread _thread;
    private bool _hasNew;
    private volatile bool _isStopped;
    private volatile Error? _fatal;

    public Membership(KafkaStreamOptions options, Subscription subscription, IMemberEvents events, ILogger logger)
    {
        (_topic, _events, _patience) = (subscription.Topic, events, options.Patience);
        _gate = new ClientGate(() => new FencedException($"a member of a group of {subscription.Topic} has left it"));
        _watch = new BrokerWatch { Fatal = error => _fatal = error };
        _client = new ConsumerBuilder<Ignore, Ignore>(ClientSettings.Member(options, subscription))
            .SetErrorHandler((_, e) => _watch.Note(e)).SetStatisticsHandler((_, json) => _metrics.Note(json))
            .SetLogHandler((_, m) => ClientLog.Write(logger, m))
            .SetPartitionsAssignedHandler((_, given) => OnGiven(given))
            .SetPartitionsRevokedHandler((_, revoked) => _events.Revoked(Numbers(revoked)))
            .SetPartitionsLostHandler((_, lost) => _events.Lost(Numbers(lost))).Build();
        _thread = new Thread(Run) { IsBackground = true, Name = "kafka member" };
        _thread.Start();
    }

    /// <summary>What a transaction needs so that only a living member commits in it.</summary>
    /// <exception cref="FencedException">It has left.</exception>
    public IConsumerGroupMetadata Metadata
    {
        get
        {
            using var call = _gate.Enter();
            return _client.ConsumerGroupMetadata;
        }
    }

    /// <summary>Stores a position; asks again while the group shares out its partitions.</summary>
    /// <exception cref="FencedException">The cluster does not know the member any more.</exception>
    public Task CommitAsync(int partition, long offset, Func<bool> isHeld, CancellationToken cancellationToken) => Task.Run(async () =>
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                using var call = _gate.Enter();
                _client.Commit([new TopicPartitionOffset(_topic, partition, offset)]);
                return;
            }
            catch (KafkaException e) when (KafkaErrors.IsRebalancing(e.Error) && isHeld() && tries < 50)
            {
                await Task.Delay(Longest, cancellationToken);
            }
            catch (KafkaException e)
            {
                throw KafkaErrors.IsFenced(e.Error) ? Fenced(partition, e.Error) : _watch.Explain(e);
            }
        }
    }, cancellationToken);

    /// <summary>The position that is stored, or null.</summary>
    /// <exception cref="FencedException">The member has left.</exception>
    public Task<long?> CommittedAsync(int partition, CancellationToken cancellationToken) => Task.Run<long?>(() =>
    {
        try
        {
            using var call = _gate.Enter();
            var offset = _client.Committed([new TopicPartition(_topic, partition)], _patience)[0].Offset;
            return offset.Value >= 0 ? offset.Value : null;
        }
        catch (KafkaException e)
        {
            throw _watch.Explain(e);
        }
    }, cancellationToken);

    /// <summary>Leaves the group; what it held is handed over first.</summary>
    public void Dispose()
    {
        _isStopped = true;
        _thread.Join();
    }

    private void Run()
    {
        var failure = Attempt(Serve);
        var unfinished = Attempt(HandOver);
        var unclosed = Attempt(() => _gate.Close(_client.Close));
        _metrics.Dispose();
        _events.Ended(failure ?? unfinished ?? unclosed);
    }

    private void Serve()
    {
        _client.Subscribe(_topic);
        while (!_isStopped) Poll();
    }

    private Exception? Attempt(Action act)
    {
        try
        {
            act();
            return null;
        }
        catch (Exception e)
        {
            return Explain(e);
        }
    }

    // While positions can still be stored: the client's own way of closing takes its partitions away and frees its memory at once.
    private void HandOver()
    {
        _client.Unsubscribe();
        for (var since = Stopwatch.GetTimestamp(); _client.Assignment.Count > 0 && Stopwatch.GetElapsedTime(since) < _patience;) _client.Consume(Longest);
    }

    private void Poll()
    {
        try
        {
            // It is not to read: what comes before it is paused is left to the reader.
            _client.Consume(Longest);
            if (_hasNew) _client.Pause(_client.Assignment);
            _hasNew = false;
        }
        catch (ConsumeException e) when (KafkaErrors.IsMissing(e.Error))
        {
            throw new UnknownTopicException(_topic);
        }
        catch (ConsumeException e) when (!e.Error.IsFatal && !KafkaErrors.IsRefusal(e.Error))
        {
            // The client tries again by itself.
        }
        if (_fatal is { } fatal) throw new KafkaException(fatal);
    }

    // What has ended the member for good is told beside the call that fails of it.
    private Exception Explain(Exception e) => e is not KafkaException failure ? e
        : KafkaErrors.IsFenced(_fatal ?? failure.Error) ? new FencedException($"a member of a group of {_topic}: {(_fatal ?? failure.Error).Reason}")
        : _fatal is { } fatal ? KafkaErrors.Unavailable(fatal, e) : _watch.Explain(failure);

    private IEnumerable<TopicPartitionOffset> OnGiven(List<TopicPartition> given)
    {
        _hasNew = true;
        _events.Given([.. given.Select(p => p.Partition.Value)]);
        return given.Select(p => new TopicPartitionOffset(p, Offset.End));
    }

    private FencedException Fenced(int partition, Error error) =>
        new($"partition {partition} of {_topic} is not this member's any more: {error.Reason}");

    private static List<int> Numbers(List<TopicPartitionOffset> partitions) => partitions.ConvertAll(p => p.Partition.Value);
}
