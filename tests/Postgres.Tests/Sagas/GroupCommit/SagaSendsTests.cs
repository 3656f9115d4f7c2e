using Conductor.Engines;
using Conductor.Postgres.Tests.Messaging;
using MassTransit;

namespace Conductor.Postgres.Tests.Sagas.GroupCommit;

/// <summary>What a saga sends whose messages run again.</summary>
[Integration]
public sealed class SagaSendsTests(PostgresServer postgres)
{
    private const string Sent = "SELECT count(*) FROM app.outbox WHERE envelope::text LIKE '%Counted%'";

    [Fact]
    public async Task What_was_sent_is_kept_once_though_the_message_ran_again_because_of_another_one()
    {
        await using var service = await StartAsync();
        service.Step.Run = context => context.Message.Step == 1000 ? throw new CountFailedException() : Task.CompletedTask;
        var id = Guid.NewGuid();
        var sent = Enumerable.Range(0, 60)
            .Select(i => service.SendAsync(new Count { TallyId = id, Step = i % 20 == 19 ? 1000 : 1 })).ToArray();
        foreach (var (i, message) in sent.Index())
        {
            if (i % 20 == 19) await Should.ThrowAsync<Exception>(message);
            else await message;
        }
        (await service.CountAsync(Sent)).ShouldBe(57);
        (await service.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(57);
    }

    private async Task<TallyService> StartAsync() => await TallyService.StartAsync(await postgres.CreateDatabaseAsync(), Repository.GroupCommit);
}
