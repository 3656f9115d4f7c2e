using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.Pipelines.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Conductor.Pipelines.Tests.Runtime;

/// <summary>A lane over a partition, sinks and stores in memory.</summary>
internal sealed class LaneUnderTest
{
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly PartitionInMemory _partition;
    private readonly NodeContext _node;
    private readonly RecordFaults _faults = new();
    private readonly LaneStatus _status;

    public LaneUnderTest(PartitionInMemory partition, LostPositionPolicy policy, params SinkInMemory[] sinks)
    {
        _partition = partition;
        _node = new NodeContext
        {
            Pipeline = "p", DeadLetterTopic = "p.dead-letters", Epoch = 1, Identity = "p.n",
            Definition = new ProcessingNode("n")
            {
                Source = new TopicSource("t", "p.n") { OnLostPosition = policy }, Sinks = [], CheckpointRecords = 10,
            },
            Sinks = [.. sinks.Select(s => new NamedSink(s.Name, s))],
            Broker = Letters, Checkpoints = Checkpoints, Groups = null!, OpenSourceAsync = (_, _) => throw new NotSupportedException(),
            Status = new NodeStatus(), Metrics = new PipelineMetrics(_metrics.GetRequiredService<IMeterFactory>(), new PipelineRuns()),
            Time = TimeProvider.System, Logger = NullLogger.Instance,
        };
        _status = _node.Status.Open(partition);
    }

    public LettersInMemory Letters { get; } = new();

    public CheckpointsInMemory Checkpoints { get; } = new();

    public NodeStatus Status => _node.Status;

    public RecordCounters Counters => _status.Counters ?? default;

    /// <summary>Starts the lane until it has come to the end of the partition; what it failed with on the way.</summary>
    public async Task<List<Exception>> RunAsync(int starts = 10)
    {
        var failures = new List<Exception>();
        while (starts-- > 0)
        {
            try
            {
                await Lane.RunAsync(_node, _partition, _status, _faults, CancellationToken.None, CancellationToken.None);
                break;
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }
        return failures;
    }
}

/// <summary>A partition that ends behind its last record.</summary>
internal sealed class PartitionInMemory(IReadOnlyList<StreamRecord> records, string source = "t") : IPartitionReader
{
    public const int PerBatch = 7;

    public string Source => source;

    public int Partition => 0;

    public long Epoch => 1;

    public CancellationToken Revoked => CancellationToken.None;

    public int Generation { get; init; }

    /// <summary>The source is away once a batch of it was read.</summary>
    public bool BreaksOff { get; init; }

    public Task<int> GenerationAsync(CancellationToken cancellationToken) => Task.FromResult(Generation);

    public async IAsyncEnumerable<StreamBatch> ReadAsync(long? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        var held = new PartitionRange(0, records[0].Offset, records[^1].Offset + 1);
        if (from < held.First || from > held.Next) throw new LostPositionException(from.Value, held);
        foreach (var some in records.Where(r => from is null || r.Offset >= from).Chunk(PerBatch))
        {
            var builder = new StreamBatchBuilder();
            foreach (var record in some) builder.Add(record);
            yield return builder.Build();
            if (BreaksOff) throw new StreamUnavailableException("gone");
        }
    }

    /// <summary>Positions that it was told.</summary>
    public List<long> Committed { get; } = [];

    public Task CommitAsync(long nextOffset, CancellationToken cancellationToken)
    {
        Committed.Add(nextOffset);
        return Task.CompletedTask;
    }

    public Task<long> LagAsync(long nextOffset, CancellationToken cancellationToken) => Task.FromResult(0L);

    public RecordOrigin OriginOf(in StreamRecord record) => new($"{source}/0", $"{record.Offset}");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A sink that keeps offsets once they are flushed, as a topic does: it cannot tell how far it is.</summary>
internal sealed class SinkInMemory(string name, Func<StreamRecord, Exception?>? fails = null) : IRecordSink
{
    public string Name => name;

    public List<long> Held { get; } = [];

    public List<SinkPartition> Opened { get; } = [];

    public Func<StreamRecord, Exception?> Fails { get; set; } = fails ?? (_ => null);

    public Task<ISinkWriter> OpenAsync(SinkPartition partition, CancellationToken cancellationToken)
    {
        Opened.Add(partition);
        return Task.FromResult<ISinkWriter>(new Writer(this));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Writer(SinkInMemory sink) : ISinkWriter
    {
        private readonly List<long> _written = [];

        public long? Position => null;

        public ValueTask WriteAsync(ReadOnlyMemory<StreamRecord> records, CancellationToken cancellationToken)
        {
            foreach (var record in records.Span)
            {
                if (sink.Fails(record) is { } failure) throw failure;
                _written.Add(record.Offset);
            }
            return ValueTask.CompletedTask;
        }

        public ValueTask FlushAsync(long nextOffset, CancellationToken cancellationToken)
        {
            sink.Held.AddRange(_written);
            _written.Clear();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Takes dead letters of up to 1.2 MB, and counts transactions.</summary>
internal sealed class LettersInMemory : ITransactionalBroker
{
    private const int Largest = 1_200_000;

    public List<(long Offset, int Bytes, Dictionary<string, string> Headers)> All { get; } = [];

    /// <summary>How often transactions were opened.</summary>
    public int Opened { get; private set; }

    /// <summary>The last position that was committed in one.</summary>
    public long Committed { get; private set; }

    public string Name => "rabbitmq";

    public Task<IStreamTransactions> OpenTransactionsAsync(string name, CancellationToken cancellationToken)
    {
        Opened++;
        return Task.FromResult<IStreamTransactions>(new Transactions(this));
    }

    public Task<long?> CommittedAsync(IPartitionReader reader, CancellationToken cancellationToken) => Task.FromResult<long?>(Committed);

    public string? RefusalOf(TopicSpecification topic) => null;

    public Task<IReadOnlyList<TopicSpecification>> TopicsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<GroupSummary>> GroupsAsync(string topic, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ForgetGroupAsync(string topic, string group, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<TopicSpecification?> FindTopicAsync(string topic, CancellationToken cancellationToken) => Task.FromResult<TopicSpecification?>(new(topic));

    public Task<IStreamProducer> OpenProducerAsync(string topic, CancellationToken cancellationToken) =>
        Task.FromResult<IStreamProducer>(new Producer(this));

    public Task<TopicSpecification> EnsureTopicAsync(TopicSpecification topic, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DeleteTopicAsync(string topic, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IRecordSource> SubscribeAsync(Subscription subscription, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<StreamBatch> ReadAsync(string topic, int partition, StreamPosition from, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<PartitionRange>> RangesAsync(string topic, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<GroupPosition>> PositionsAsync(string topic, string group, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task SeekAsync(string topic, string group, StreamPosition position, CancellationToken cancellationToken) => throw new NotSupportedException();

    private sealed class Transactions(LettersInMemory letters) : IStreamTransactions
    {
        public Task<IStreamProducer> OpenProducerAsync(string topic, CancellationToken cancellationToken) =>
            letters.OpenProducerAsync(topic, cancellationToken);

        public Task CommitAsync(IPartitionReader reader, long nextOffset, CancellationToken cancellationToken)
        {
            letters.Committed = nextOffset;
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Producer(LettersInMemory letters) : IStreamProducer
    {
        public ValueTask ProduceAsync(ReadOnlyMemory<StreamRecord> records, CancellationToken cancellationToken)
        {
            foreach (var record in records.Span)
            {
                if (record.Value.Length > Largest) throw new BadRecordException("too large", 0);
                letters.All.Add((record.Offset, record.Value.Length, record.Headers.ToDictionary(h => h.Name, h => h.Text)));
            }
            return ValueTask.CompletedTask;
        }

        public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>One checkpoint.</summary>
internal sealed class CheckpointsInMemory : ICheckpointStore
{
    public Checkpoint? Saved { get; set; }

    /// <summary>How often it says that a later holder has the partition.</summary>
    public int Refusals { get; set; }

    public Task<KeptCheckpoint> TakeOverAsync(CheckpointKey key, long epoch, CancellationToken cancellationToken) => Refusals-- > 0
        ? Task.FromException<KeptCheckpoint>(new FencedException("somebody else has it"))
        : Task.FromResult(new KeptCheckpoint(Saved, Pending: null));

    public Task PrepareAsync(CheckpointKey key, long epoch, KeptCheckpoint checkpoint, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SaveAsync(CheckpointKey key, long epoch, Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        Saved = checkpoint;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<CheckpointKey, Checkpoint>> ReadAsync(string pipeline, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task DeleteAsync(string pipeline, CancellationToken cancellationToken) => throw new NotSupportedException();
}
