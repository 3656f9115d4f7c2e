using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.Engines;
using Conductor.RabbitMqStreams.Topics;
using RabbitMQ.Client;
using static Conductor.StreamContract.Steps;

namespace Conductor.RabbitMqStreams.Tests.Connections;

/// <summary>A broker that dies while more is on its way to it than the sockets take: everyone on that connection is told.</summary>
// It writes as fast as it can, and others measure what is soon.
[Collection(nameof(Alone))]
[Integration]
public sealed class BrokerDeathTests(RabbitMqServer rabbitMq) : IClassFixture<RabbitMqServer>
{
    private static readonly TopicSpecification Topic = new("death", 1);
    private static readonly TopicSpecification Later = new("life", 1);

    [Fact]
    public async Task Each_producer_that_the_socket_holds_back_hears_of_the_brokers_death_and_new_ones_go_on_after_it()
    {
        await DeclareAsync(Topic);
        var options = new RabbitMqStreamOptions { Address = new Uri(rabbitMq.ConnectionString), UnconfirmedBytes = 1_000_000_000 };
        await using var producers = new RabbitMqStreamProducers(options, TimeProvider.System);
        var first = await producers.OpenAsync(Topic, Soon());
        var second = await producers.OpenAsync(Topic, Soon());
        rabbitMq.Freeze();
        var much = Enumerable.Repeat(new StreamRecord { Value = new byte[60_000] }, 3_000).ToArray();
        var producing = first.ProduceAsync(much, Soon(60)).AsTask();
        // It stands still once the sockets' buffers are full.
        await Should.ThrowAsync<TimeoutException>(() => producing.WaitAsync(TimeSpan.FromSeconds(2)));
        var behind = second.ProduceAsync(much, Soon(60)).AsTask();

        // What is frozen outlives its kill (the broker's epmd). A broker that goes on for a moment takes far less than is waiting.
        rabbitMq.Thaw();
        rabbitMq.Kill();
        await Should.ThrowAsync<StreamUnavailableException>(() => producing);
        await Should.ThrowAsync<StreamUnavailableException>(() => behind);
        await Should.ThrowAsync<StreamUnavailableException>(() => second.FlushAsync(Soon()).AsTask());

        await rabbitMq.StartAsync(Soon(60));
        await first.DisposeAsync();
        await second.DisposeAsync();
        // Another topic: of streams that are less than half a second old, what a killed broker knew has not reached the disk.
        await DeclareAsync(Later);
        await UntilAsync(async () =>
        {
            await using var next = await producers.OpenAsync(Later, Soon());
            await next.ProduceAsync(new[] { Record("b") }, Soon());
            await next.FlushAsync(Soon());
            return true;
        }, "a new producer goes on");
    }

    private async Task DeclareAsync(TopicSpecification topic)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(rabbitMq.ConnectionString) }.CreateConnectionAsync(Soon());
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Soon());
        await channel.QueueDeclareAsync(TopicQueues.NameOf(topic.Name, 0), durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "stream" }, cancellationToken: Soon());
    }
}

/// <summary>Runs when nothing else of this assembly does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
