using Conductor.Contracts.Operations;
using Conductor.Domain.Recoverability.Failures;
using Conductor.Domain.Recoverability.Grouping;
using Conductor.Engines;
using Conductor.RabbitMqQueues;
using MassTransit;
using RabbitMQ.Client;

[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace Conductor.RabbitMqQueues.Tests;

/// <summary>What any MassTransit program leaves in its error queue, which knows nothing of this platform.</summary>
[Integration]
public sealed class ForeignProgramTests(RabbitMqServer rabbitMq)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_dead_letters_tell_what_failed_and_are_consumed_once_they_are_sent_again()
    {
        var till = new Till();
        var bus = Bus.Factory.CreateUsingRabbitMq(configure =>
        {
            configure.Host(new Uri(rabbitMq.ConnectionString));
            configure.ReceiveEndpoint("till", endpoint => endpoint.Instance(till));
        });
        await bus.StartAsync(Cancel);
        try
        {
            await bus.Publish(new Payment(7), context => context.Headers.Set("tenant", "t1"), Cancel);
            await using var connection = await ConnectAsync();
            await using var consumer = await OpenAsync(connection, "till_error");
            var (letters, tag) = await consumer.ReadAsync(10, Cancel);
            var failure = FailureReading.Read(letters.ShouldHaveSingleItem(), DateTimeOffset.UnixEpoch);
            (failure.Source, failure.Endpoint, failure.ExceptionType, failure.Message, failure.IsTimeKnown)
                .ShouldBe((FailureSource.Fault, "till", typeof(InvalidOperationException).FullName, "the till is shut", true));
            failure.MessageType.ShouldEndWith("Payment");
            failure.Consumer.ShouldEndWith("Till");
            FailureGroup.Of(failure)[0].Title.ShouldBe("System.InvalidOperationException at Conductor.RabbitMqQueues.Tests.ForeignProgramTests.Till.Consume");

            till.IsOpen = true;
            await using var sender = await QueueSender.OpenAsync(connection, Cancel);
            (await sender.SendAsync([new(failure.Id, failure.Endpoint, failure.Letter)], Cancel)).ShouldBe([null]);
            (await till.Taken.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe((7, "t1", $"{failure.Id}"));
            await consumer.AcknowledgeAsync(tag, Cancel);
        }
        finally
        {
            await bus.StopAsync(Cancel);
        }
    }

    [Fact]
    public async Task What_is_not_acknowledged_is_in_the_queue_again()
    {
        await using var connection = await ConnectAsync();
        await DeclareAsync(connection, "shelf");
        await using var sender = await QueueSender.OpenAsync(connection, Cancel);
        await sender.SendAsync([.. Enumerable.Range(0, 10).Select(i => Letter("shelf", $"{i}"))], Cancel);
        await using (var first = await QueueConsumer.OpenAsync(connection, "shelf", 100, Cancel))
        {
            var taken = new List<DeadLetter>();
            while (taken.Count < 4)
            {
                var (letters, tag) = await first.ReadAsync(4 - taken.Count, Cancel);
                taken.AddRange(letters);
                await first.AcknowledgeAsync(tag, Cancel);
            }
            taken.Select(l => l.MessageId).ShouldBe(["0", "1", "2", "3"]);
        }
        await using var second = await QueueConsumer.OpenAsync(connection, "shelf", 100, Cancel);
        var left = new List<DeadLetter>();
        while (left.Count < 6) left.AddRange((await second.ReadAsync(10, Cancel)).Letters);
        left.Select(l => l.MessageId).ShouldBe(["4", "5", "6", "7", "8", "9"]);
    }

    [Fact]
    public async Task A_message_for_a_queue_that_is_not_there_says_so_and_the_others_arrive_in_their_order()
    {
        await using var connection = await ConnectAsync();
        await DeclareAsync(connection, "there");
        await using var sender = await QueueSender.OpenAsync(connection, Cancel);
        var letters = Enumerable.Range(0, 1_000).Select(i => Letter(i % 100 == 50 ? "nowhere" : "there", $"{i}")).ToList();
        var sent = await sender.SendAsync(letters, Cancel);
        var refused = sent.Select((refusal, i) => (refusal, i)).Where(s => s.refusal is not null);
        refused.ShouldAllBe(s => s.i % 100 == 50 && s.refusal == "there is no queue 'nowhere'");
        sent.Count(refusal => refusal is null).ShouldBe(990);
        await using var consumer = await QueueConsumer.OpenAsync(connection, "there", 1_000, Cancel);
        var arrived = new List<string>();
        while (arrived.Count < 990) arrived.AddRange((await consumer.ReadAsync(1_000, Cancel)).Letters.Select(l => l.MessageId!));
        arrived.ShouldBe(Enumerable.Range(0, 1_000).Where(i => i % 100 != 50).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Whoever_reads_or_sends_hears_of_the_end_of_the_connection()
    {
        var connection = await ConnectAsync();
        await DeclareAsync(connection, "short");
        await using var consumer = await QueueConsumer.OpenAsync(connection, "short", 10, Cancel);
        await using var sender = await QueueSender.OpenAsync(connection, Cancel);
        var reading = consumer.ReadAsync(10, Cancel);
        await connection.DisposeAsync();
        await Should.ThrowAsync<IOException>(() => reading);
        await Should.ThrowAsync<IOException>(() => sender.SendAsync([Letter("short", "1")], Cancel));
    }

    private static QueuedLetter Letter(string queue, string id) => new(Guid.NewGuid(), queue, new DeadLetter { Queue = "q", MessageId = id });

    private Task<IConnection> ConnectAsync() => new ConnectionFactory { Uri = new Uri(rabbitMq.ConnectionString) }.CreateConnectionAsync(Cancel);

    private static async Task DeclareAsync(IConnection connection, string queue)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancel);
    }

    // MassTransit makes its error queue when it needs it.
    private static async Task<QueueConsumer> OpenAsync(IConnection connection, string queue)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                return await QueueConsumer.OpenAsync(connection, queue, 100, patience.Token);
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }

    public sealed record Payment(int Number);

    private sealed class Till : IConsumer<Payment>
    {
        public bool IsOpen { get; set; }

        public TaskCompletionSource<(int, string?, string?)> Taken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Consume(ConsumeContext<Payment> context)
        {
            if (!IsOpen) throw new InvalidOperationException("the till is shut");
            Taken.TrySetResult((context.Message.Number, context.Headers.Get<string>("tenant"),
                context.ReceiveContext.TransportHeaders.Get<string>(RetriedMessageConsumed.Header)));
            return Task.CompletedTask;
        }
    }
}
