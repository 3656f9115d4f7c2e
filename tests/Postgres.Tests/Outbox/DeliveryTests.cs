using System.Diagnostics;
using Conductor.Engines;
using Conductor.Postgres.Tests.Messaging;
using MassTransit;

namespace Conductor.Postgres.Tests.Outbox;

[Integration]
public sealed class DeliveryTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_destination_that_refuses_delays_only_its_own_messages_which_end_set_aside_and_can_be_retried()
    {
        var setup = await ShopSetup.CreateAsync(postgres, rabbitMq);
        await using var shop = await Shop.StartAsync(setup with { Options = o => (o.MaxAttempts, o.Backoff) = (3, TimeSpan.FromMilliseconds(20)) });
        await Collected.CommitAsync(shop, async outbox =>
        {
            // The exchange exists with another type: the broker refuses every attempt (406).
            var refused = await outbox.Sending.GetSendEndpoint(new Uri($"exchange:{setup.Prefix}-order-placed-recorder?type=topic"));
            await refused.Send(new OrderPlaced(-1), Cancel);
            for (var i = 0; i < 50; i++) await outbox.Publishing.Publish(new OrderPlaced(i), Cancel);
        });
        // The refusal closes a channel, and with it what another message has under way there: that one may arrive twice.
        await Eventually.BecomesAsync(() => shop.Calls.Events, e => e.Distinct().Count() == 50);
        await Eventually.BecomesAsync(() => shop.Poison.CountAsync(Cancel), count => count == 1);
        var poison = (await shop.Poison.ListAsync(cancellationToken: Cancel)).ShouldHaveSingleItem();
        poison.Attempts.ShouldBe(3);
        poison.Reason.ShouldContain("PRECONDITION_FAILED", Case.Sensitive, poison.Reason);
        (await shop.Poison.RetryAsync([poison.Id], Cancel)).ShouldBe(1);
        await Eventually.BecomesAsync(() => shop.Poison.CountAsync(Cancel), count => count == 1);
        (await shop.Poison.DiscardAsync([poison.Id], Cancel)).ShouldBe(1);
        await Eventually.BecomesAsync(shop.OutboxRowsAsync, rows => rows == 0);
        shop.Calls.Events.ShouldNotContain(-1);
    }

    [Fact]
    public async Task What_a_process_committed_and_did_not_live_to_send_is_sent_when_its_lease_ends()
    {
        await using var shop = await Shop.StartAsync(await ShopSetup.CreateAsync(postgres, rabbitMq));
        await using var connection = await shop.Source.OpenConnectionAsync(Cancel);
        var committed = Stopwatch.GetTimestamp();
        await shop.Outbox.Table.InsertAsync(connection, await Collected.EventsAsync(shop, 3), TimeSpan.FromSeconds(1));
        await Collected.CommitAsync(shop, s => s.Publishing.Publish(new OrderPlaced(99), Cancel));
        await Eventually.BecomesAsync(() => shop.Calls.Events, e => e.Count == 4);
        Stopwatch.GetElapsedTime(committed).ShouldBeGreaterThan(TimeSpan.FromSeconds(1));
        shop.Calls.Events[0].ShouldBe(99);
    }

    [Fact]
    public async Task Several_instances_share_a_backlog_and_send_each_message_once()
    {
        var setup = await ShopSetup.CreateAsync(postgres, rabbitMq);
        await using var shop = await Shop.StartAsync(setup with { Options = o => o.BatchSize = 50 });
        await using var other = await Shop.StartAsync(setup with { Register = null, Options = o => o.BatchSize = 50 });
        await using var connection = await shop.Source.OpenConnectionAsync(Cancel);
        await shop.Outbox.Table.InsertAsync(connection, await Collected.EventsAsync(shop, 1000));
        await Eventually.BecomesAsync(shop.OutboxRowsAsync, rows => rows == 0);
        await Eventually.BecomesAsync(() => shop.Calls.Events, e => e.Count >= 1000);
        shop.Calls.Events.Order().ShouldBe(Enumerable.Range(0, 1000));
    }

    [Fact]
    public async Task Headers_ids_and_bytes_survive_the_table()
    {
        await using var shop = await Shop.StartAsync(await ShopSetup.CreateAsync(postgres, rabbitMq));
        Guid message = NewId.NextGuid(), correlation = NewId.NextGuid(), conversation = NewId.NextGuid();
        await Collected.CommitAsync(shop, s => s.Publishing.Publish(new OrderPlaced(1, [0, 255]), context =>
        {
            (context.MessageId, context.CorrelationId, context.ConversationId) = (message, correlation, conversation);
            context.Headers.Set("tenant", "blue");
            context.Headers.Set("weight", 12);
        }, Cancel));
        var arrived = (await Eventually.BecomesAsync(() => shop.Calls.Contexts, c => c.Count == 1))[0];
        arrived.MessageId.ShouldBe(message);
        arrived.CorrelationId.ShouldBe(correlation);
        arrived.ConversationId.ShouldBe(conversation);
        arrived.Headers.Get<string>("tenant").ShouldBe("blue");
        arrived.Headers.Get<int>("weight").ShouldBe(12);
        arrived.Message.Blob.ShouldBe([0, 255]);
    }

    [Fact]
    public async Task A_message_is_consumed_in_the_trace_of_the_request_that_sent_it()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name is "MassTransit" or "Conductor.Messaging" or "test", Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        await using var shop = await Shop.StartAsync(await ShopSetup.CreateAsync(postgres, rabbitMq));
        ActivityTraceId trace;
        using (var request = source.StartActivity("request"))
        {
            trace = request.ShouldNotBeNull().TraceId;
            await PublishAsync(shop, 1);
        }
        await Eventually.BecomesAsync(() => shop.Calls.Events, e => e.Count == 1);
        shop.Calls.Trace.ShouldBe(trace);
    }

    [Fact]
    public async Task Thousands_of_messages_leave_from_memory_after_their_commits()
    {
        const int Transactions = 200, Each = 50;
        await using var shop = await Shop.StartAsync(await ShopSetup.CreateAsync(postgres, rabbitMq));
        var messages = (await Collected.EventsAsync(shop, Transactions * Each)).Chunk(Each).ToList();
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(messages, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel },
            async (m, cancel) => await shop.Outbox.SendAsync(m, cancellationToken: cancel));
        await Eventually.BecomesAsync(shop.OutboxRowsAsync, rows => rows == 0);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await Eventually.BecomesAsync(() => shop.Calls.Events, e => e.Count >= Transactions * Each);
        shop.Calls.Events.Count.ShouldBe(Transactions * Each);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Transactions * Each / seconds:F0} messages/s inserted, sent with confirms and deleted");
    }

    private static Task PublishAsync(Shop shop, int number) =>
        Collected.CommitAsync(shop, s => s.Publishing.Publish(new OrderPlaced(number), Cancel));
}
