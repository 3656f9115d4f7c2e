using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.Pipelines.Runtime;
using Conductor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Conductor.Pipelines.Tests.Runtime;

/// <summary>A lane that is told that somebody else has its partition, by a store that may be the one to be late.</summary>
public sealed class FencedLaneTests
{
    private const int Count = 20;

    [Fact]
    public async Task A_lane_that_was_fenced_fences_nobody_and_serves_its_partition_again_for_as_long_as_it_is_held()
    {
        var (sink, broker, checkpoints) = (new SinkInMemory("s"), new LettersInMemory(), new CheckpointsInMemory { Refusals = 2 });
        using var metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var stop = new CancellationTokenSource();
        var node = new NodeContext
        {
            Pipeline = "p", DeadLetterTopic = "p.dead-letters", Epoch = 1, Identity = "p.n", Sinks = [new NamedSink("s", sink)],
            Definition = new ProcessingNode("n") { Source = new TopicSource("t", "p.n"), Sinks = [] },
            Broker = broker, Transactions = broker, Checkpoints = checkpoints, Groups = null!,
            OpenSourceAsync = (_, _) => Task.FromResult<IRecordSource>(new OnePartition()),
            Status = new NodeStatus(), Metrics = new PipelineMetrics(metrics.GetRequiredService<IMeterFactory>(), new PipelineRuns()),
            Time = TimeProvider.System, Logger = NullLogger.Instance,
        };
        var running = new NodeInstance(node, 0).RunAsync(stop.Token, CancellationToken.None);
        await Eventually.IsTrueAsync(() => broker.Committed == Count, "what the partition holds is committed");
        await stop.CancelAsync();
        await running;
        sink.Held.Count.ShouldBe(Count);
        broker.Opened.ShouldBe(1, "not while somebody else had the partition");
    }

    private sealed class OnePartition : IRecordSource
    {
        public async IAsyncEnumerable<IPartitionReader> PartitionsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new PartitionInMemory([.. Enumerable.Range(0, Count).Select(i => new StreamRecord { Offset = i, Value = new byte[1] })]);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
