using Conductor.Engines;
using Conductor.Postgres.Tests.Messaging;
using MassTransit;

namespace Conductor.Postgres.Tests.Sagas;

/// <summary>The part of the contract that only messages from a queue can show: inbox, outbox, redelivery.</summary>
[Integration]
public sealed class SagaRepositoryOnBusTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(false), InlineData(true)]
    public async Task Forty_sagas_with_fifty_concurrent_events_each_apply_every_event_once_and_publish_it_once(bool onRabbitMq)
    {
        await using var service = await StartAsync(onRabbitMq, deliver: true);
        var ids = Enumerable.Range(0, 40).Select(_ => Guid.NewGuid()).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 40 * 50).Select(i => service.Bus.Publish(new Count { TallyId = ids[i % 40] }, Cancel)));
        await Eventually.BecomesAsync(() => service.Recorded.Messages.Count, x => x >= 40 * 50, seconds: 180);
        foreach (var id in ids)
        {
            (await service.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(50);
            service.Recorded.Messages.Where(x => x.TallyId == id).Select(x => x.Total).Order().ShouldBe(Enumerable.Range(1, 50));
        }
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Duplicates_of_a_message_id_have_no_second_effect(bool onRabbitMq)
    {
        await using var service = await StartAsync(onRabbitMq, deliver: true);
        var (id, last) = (Guid.NewGuid(), Guid.NewGuid());
        var messageIds = Enumerable.Range(0, 10).Select(_ => Guid.NewGuid()).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            service.Bus.Publish(new Count { TallyId = id }, x => x.MessageId = messageIds[i % 10], Cancel)));
        await Eventually.BecomesAsync(() => service.FindAsync(id), x => x?.Total >= 10);
        await service.Bus.Publish(new Count { TallyId = id }, x => x.MessageId = messageIds[0], Cancel);
        await service.Bus.Publish(new Count { TallyId = last }, Cancel);
        await Eventually.BecomesAsync(() => service.Recorded.Messages.Count(x => x.TallyId == last), x => x == 1);
        (await service.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(10);
        service.Recorded.Messages.Where(x => x.TallyId == id).Select(x => x.Total).Order().ShouldBe(Enumerable.Range(1, 10));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task State_and_outgoing_messages_commit_together_or_not_at_all(bool onRabbitMq)
    {
        await using var service = await StartAsync(onRabbitMq, deliver: false);
        var ids = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()).ToArray();
        await Task.WhenAll(ids.Select(id => service.Bus.Publish(new Count { TallyId = id }, Cancel)));
        await Eventually.BecomesAsync(() => service.CountAsync("SELECT count(*) FROM tallies"), x => x == 5);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => i % 5 == 0
            ? service.Bus.Publish(new CountAndFail { TallyId = ids[i % 5] }, Cancel)
            : service.Bus.Publish(new Count { TallyId = ids[i % 5] }, Cancel)));
        await Eventually.BecomesAsync(() => service.CountAsync("SELECT sum(\"Total\") FROM tallies"), x => x == 45);
        (await service.CountAsync("SELECT count(*) FROM app.outbox WHERE envelope::text LIKE '%Counted%'")).ShouldBe(45);
        (await service.CountAsync("SELECT count(*) FROM app.inbox")).ShouldBe(45);
    }

    private async Task<TallyService> StartAsync(bool onRabbitMq, bool deliver) =>
        await TallyService.StartAsync(new TallySetup(await postgres.CreateDatabaseAsync(), Repository.EntityFramework)
        {
            OnBus = true,
            Deliver = deliver,
            RabbitMq = onRabbitMq ? rabbitMq.ConnectionString : null,
        });
}
