using System.Reflection;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Engines;
using Conductor.Postgres.Streams;
using Conductor.StreamContract;
using Npgsql;
using static Conductor.StreamContract.Steps;

namespace Conductor.RabbitMqStreams.Tests.Consuming;

/// <summary>Partitions that cannot be handed back when they should be.</summary>
[Integration]
public sealed class UnreleasedTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    [Fact]
    public async Task A_partition_that_was_not_released_while_the_store_was_away_goes_to_whoever_waits_for_it_later()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await StreamTables.ApplyAsync(source, StreamTables.DefaultSchema, cancellationToken: Soon());
        var groups = Store.Over(new PostgresGroupStore(source, StreamTables.DefaultSchema));
        var options = new RabbitMqStreamOptions { Address = new Uri(rabbitMq.ConnectionString), Lease = TimeSpan.FromSeconds(2) };
        await using var broker = new RabbitMqStreamBroker(
            options, new PostgresTopicStore(source, StreamTables.DefaultSchema), groups, TimeProvider.System);
        var topic = await broker.NewTopicAsync(4);
        await using var a = new RunningMember(await broker.JoinAsync(topic, "g", "a"));
        await UntilAsync(() => Task.FromResult(a.Held.Count == 4), "the first member holds all partitions");

        ((Store)groups).Failures = 2;
        await using var b = new RunningMember(await broker.JoinAsync(topic, "g", "b"));
        await UntilAsync(() => Task.FromResult(a.Held.Count == 2 && b.Held.Count == 2), "the members share the partitions");
        ((Store)groups).Failures.ShouldBe(0);
    }

    /// <summary>A store that cannot be reached when partitions are released.</summary>
    public class Store : DispatchProxy
    {
        private IGroupStore _store = null!;

        /// <summary>How often it is not.</summary>
        public int Failures { get; set; }

        public static IGroupStore Over(IGroupStore store)
        {
            var proxy = Create<IGroupStore, Store>();
            ((Store)proxy)._store = store;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name != nameof(IGroupStore.ReleaseAsync) || Failures == 0) return targetMethod.Invoke(_store, args);
            Failures--;
            return Task.FromException(new StreamUnavailableException("the store is away"));
        }
    }
}
