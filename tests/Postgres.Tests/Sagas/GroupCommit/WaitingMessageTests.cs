using Conductor.Engines;
using Conductor.Postgres.Sagas.GroupCommit;

namespace Conductor.Postgres.Tests.Sagas.GroupCommit;

/// <summary>Messages that need something slow before they can take effect.</summary>
[Integration]
public sealed class WaitingMessageTests(PostgresServer postgres)
{
    [Fact]
    public async Task A_message_that_waits_holds_up_nobody_and_takes_effect_once_when_its_wait_ends()
    {
        await using var service = await StartAsync();
        var (slow, runs) = (new TaskCompletionSource(), 0);
        service.Get<FaultyStore>().Waits = message => message is Count { Name: "slow" } && Interlocked.Increment(ref runs) == 1;
        service.Get<FaultyStore>().Wait = slow.Task;
        var id = Guid.NewGuid();
        var waiting = service.SendAsync(new Count { TallyId = id, Step = 1000, Name = "slow" });
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => service.SendAsync(new Count { TallyId = i % 2 == 0 ? id : Guid.NewGuid() })));
        (await service.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(25, "neither the instance nor the lane is held");
        waiting.IsCompleted.ShouldBeFalse();
        slow.SetResult();
        await waiting;
        (await service.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(1025);
        (await service.CountAsync("SELECT count(*) FROM app.outbox")).ShouldBe(51);
    }

    [Fact]
    public async Task A_message_whose_wait_fails_fails_with_its_reason_and_changes_nothing()
    {
        await using var service = await StartAsync();
        service.Get<FaultyStore>().Waits = _ => true;
        service.Get<FaultyStore>().Wait = Task.FromException(new CountFailedException());
        var id = Guid.NewGuid();
        (await Should.ThrowAsync<Exception>(service.SendAsync(new Count { TallyId = id }))).GetBaseException().ShouldBeOfType<CountFailedException>();
        (await service.FindAsync(id)).ShouldBeNull();
    }

    [Fact]
    public async Task A_service_that_stops_gives_up_what_waits_and_is_not_held_up()
    {
        var service = await StartAsync();
        var (never, asked) = (new TaskCompletionSource(), new TaskCompletionSource());
        service.Get<FaultyStore>().Wait = never.Task;
        service.Get<FaultyStore>().Waits = _ => asked.TrySetResult() || true;
        var waiting = service.SendAsync(new Count { TallyId = Guid.NewGuid() });
        await asked.Task;
        await service.DisposeAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }

    private async Task<TallyService> StartAsync() => await TallyService.StartAsync(
        new TallySetup(await postgres.CreateDatabaseAsync(), Repository.GroupCommit)
        {
            IsFaulty = true,
            Options = o => o.Lanes = 1,
        });
}
