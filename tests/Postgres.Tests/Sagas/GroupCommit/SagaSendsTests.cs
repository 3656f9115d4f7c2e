using Conductor.Engines;
using Conductor.Postgres.Tests.Messaging;
using MassTransit;

namespace Conductor.Postgres.Tests.Sagas.GroupCommit;

/// <summary>What a saga behind the mediator sends, by whatever way it sends it.</summary>
[Integration]
public sealed class SagaSendsTests(PostgresServer postgres)
{
    private const string Injected = "SELECT count(*) FROM app.outbox WHERE envelope::text LIKE '%Counted%'";

    [Fact]
    public async Task A_timeout_comes_back_through_the_mediator_when_it_is_due()
    {
        await using var service = await StartAsync(deliver: true);
        service.Step.Run = context => context.ScheduleSend(context.ReceiveContext.InputAddress, TimeSpan.FromMilliseconds(300), new CloseTally { TallyId = context.Saga.CorrelationId });
        var id = Guid.NewGuid();
        await service.SendAsync(new Count { TallyId = id });
        (await service.FindAsync(id)).ShouldNotBeNull();
        (await Eventually.BecomesAsync<TallyState?>(() => service.FindAsync(id), x => x is null)).ShouldBeNull();
    }

    [Fact]
    public async Task A_timeout_is_cancelled_with_the_transaction_and_scheduled_with_it()
    {
        await using var service = await StartAsync(deliver: false);
        var tokens = new List<Guid>();
        service.Step.Run = async context =>
        {
            var scheduler = context.GetPayload<MessageSchedulerContext>();
            if (tokens.Count > 0) await scheduler.CancelScheduledSend(context.ReceiveContext.InputAddress, tokens[^1], context.CancellationToken);
            var timeout = await context.ScheduleSend(context.ReceiveContext.InputAddress, TimeSpan.FromHours(1), new CloseTally { TallyId = context.Saga.CorrelationId });
            if (context.Message.Step == 1000) throw new CountFailedException();
            tokens.Add(timeout.TokenId);
        };
        var id = Guid.NewGuid();
        await service.SendAsync(new Count { TallyId = id });
        await Should.ThrowAsync<Exception>(service.SendAsync(new Count { TallyId = id, Step = 1000 }));
        (await service.CountAsync($"SELECT count(*) FROM app.outbox WHERE destination = 'mediator:' AND token = '{tokens[0]}'")).ShouldBe(1);
        await service.SendAsync(new Count { TallyId = id });
        (await service.CountAsync($"SELECT count(*) FROM app.outbox WHERE destination = 'mediator:' AND token = '{tokens[1]}'")).ShouldBe(1);
        (await service.CountAsync("SELECT count(*) FROM app.outbox WHERE destination = 'mediator:'")).ShouldBe(1);
    }

    [Fact]
    public async Task What_an_injected_endpoint_sent_is_kept_once_though_the_message_ran_again_because_of_another_one()
    {
        await using var service = await StartAsync(deliver: false);
        service.Step.Run = context => context.Message.Step == 1000 ? throw new CountFailedException() : Task.CompletedTask;
        var id = Guid.NewGuid();
        var sent = Enumerable.Range(0, 60)
            .Select(i => service.SendAsync(new Count { TallyId = id, Name = PublishCounted.Injected, Step = i % 20 == 19 ? 1000 : 1 })).ToArray();
        foreach (var (i, message) in sent.Index())
        {
            if (i % 20 == 19) await Should.ThrowAsync<Exception>(message);
            else await message;
        }
        (await service.CountAsync(Injected)).ShouldBe(57);
        (await service.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(57);
    }

    private async Task<TallyService> StartAsync(bool deliver) =>
        await TallyService.StartAsync(new TallySetup(await postgres.CreateDatabaseAsync(), Repository.GroupCommit) { Deliver = deliver });
}
