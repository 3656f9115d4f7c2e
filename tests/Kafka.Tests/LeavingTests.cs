using Conductor.Domain.Streams.Brokers;
using Conductor.Engines;
using Conductor.StreamContract;
using static Conductor.StreamContract.Steps;

namespace Conductor.Kafka.Tests;

/// <summary>Clients that are closed while they are asked: what uses a client's memory after it was freed ends the whole process.</summary>
[Integration]
public sealed class LeavingTests(KafkaServer kafka)
{
    private const int Rounds = 10;

    [Fact]
    public async Task A_member_that_leaves_says_so_to_whoever_still_asks_it_for_a_position()
    {
        using var broker = new KafkaStreamBroker(new() { BootstrapServers = kafka.ConnectionString }, TimeProvider.System);
        var topic = await broker.NewTopicAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var member = new RunningMember(await broker.JoinAsync(topic, topic, "m"));
            var reader = await member.FirstAsync();
            var asking = Enumerable.Range(0, 4)
                .Select(_ => Task.Run(() => UntilItLeavesAsync(() => broker.CommittedAsync(reader, Soon())))).ToArray();
            await member.DisposeAsync();
            (await Task.WhenAll(asking)).ShouldAllBe(told => told is FencedException || told is StreamUnavailableException);
        }
    }

    private static async Task<Exception> UntilItLeavesAsync(Func<Task> ask)
    {
        while (true)
        {
            try
            {
                await ask();
            }
            catch (Exception e)
            {
                return e;
            }
        }
    }
}
