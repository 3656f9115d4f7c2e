using Conductor.Engines;
using Conductor.Postgres.Sagas.GroupCommit;
using Npgsql;

namespace Conductor.Postgres.Tests.Sagas.GroupCommit;

/// <summary>Batches that the database does not take.</summary>
[Integration]
public sealed class CommitFailureTests(PostgresServer postgres)
{
    [Fact]
    public async Task A_row_that_the_database_refuses_fails_its_own_messages_and_not_its_neighbours()
    {
        await using var service = await StartAsync();
        var (good, bad) = (Guid.NewGuid(), Guid.NewGuid());
        service.Get<FaultyStore>().Spoil = changes => changes.Any(x => x.Saga.CorrelationId == bad) ? "SELECT 1/0" : null;
        var neighbours = Enumerable.Range(0, 50).Select(_ => service.SendAsync(new Count { TallyId = good })).ToArray();
        var refused = await Should.ThrowAsync<Exception>(service.SendAsync(new Count { TallyId = bad }));
        refused.GetBaseException().ShouldBeOfType<PostgresException>().SqlState.ShouldBe(PostgresErrorCodes.DivisionByZero);
        await Task.WhenAll(neighbours);
        (await service.FindAsync(good)).ShouldNotBeNull().Total.ShouldBe(50);
        (await service.FindAsync(bad)).ShouldBeNull();
        (await service.CountAsync("SELECT count(*) FROM app.outbox")).ShouldBe(50);
    }

    [Fact]
    public async Task Messages_of_a_batch_whose_connection_is_cut_before_the_commit_run_again_and_take_effect_once()
    {
        await using var service = await StartAsync();
        var cuts = 0;
        service.Get<FaultyStore>().Spoil = _ => Interlocked.Increment(ref cuts) == 1 ? "SELECT pg_terminate_backend(pg_backend_pid())" : null;
        var id = Guid.NewGuid();
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => service.SendAsync(new Count { TallyId = id })));
        cuts.ShouldBeGreaterThan(1);
        (await service.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(60);
        (await service.CountAsync("SELECT count(*) FROM app.outbox")).ShouldBe(60);
    }

    [Fact]
    public async Task Messages_whose_commit_was_done_but_not_answered_do_not_run_twice()
    {
        await using var proxy = await CuttingProxy.StartAsync(await postgres.CreateDatabaseAsync());
        await using var service = await StartAsync(proxy.ConnectionString);
        var id = Guid.NewGuid();
        await service.SendAsync(new Count { TallyId = id });
        proxy.CutAfterNextCommit();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.SendAsync(new Count { TallyId = id })));
        proxy.Cuts.ShouldBe(1);
        (await service.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(21);
        (await service.CountAsync("SELECT count(*) FROM app.outbox")).ShouldBe(21);
    }

    [Fact]
    public async Task Without_a_database_every_message_fails_and_with_it_again_the_next_ones_succeed()
    {
        await using var proxy = await CuttingProxy.StartAsync(await postgres.CreateDatabaseAsync());
        await using var service = await StartAsync(proxy.ConnectionString + ";Timeout=2");
        var id = Guid.NewGuid();
        await service.SendAsync(new Count { TallyId = id });
        proxy.Refuse = true;
        var lost = Enumerable.Range(0, 20).Select(_ => service.SendAsync(new Count { TallyId = id })).ToArray();
        foreach (var message in lost) await Should.ThrowAsync<Exception>(message);
        proxy.Refuse = false;
        await service.SendAsync(new Count { TallyId = id });
        (await service.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(2);
    }

    private async Task<TallyService> StartAsync(string? connectionString = null) =>
        await TallyService.StartAsync(new TallySetup(connectionString ?? await postgres.CreateDatabaseAsync(), Repository.GroupCommit)
        {
            IsFaulty = true,
        });
}
