using Conductor.Engines;
using Conductor.Postgres.Sagas.GroupCommit;

namespace Conductor.Postgres.Tests.Sagas.GroupCommit;

/// <summary>What only group commit does: order, sharing, two processes.</summary>
[Integration]
public sealed class GroupCommitTests(PostgresServer postgres)
{
    private const string OutboxOfCounted = "SELECT count(*) FROM app.outbox WHERE envelope::text LIKE '%Counted%'";

    [Fact]
    public async Task Messages_of_one_instance_take_effect_in_the_order_of_their_arrival()
    {
        await using var service = await StartAsync();
        var id = Guid.NewGuid();
        await Task.WhenAll(Enumerable.Range(1, 300).Select(i => service.SendAsync(new Count { TallyId = id, Sequence = i })));
        var tally = (await service.FindAsync(id)).ShouldNotBeNull();
        tally.LastSequence.ShouldBe(300);
        tally.OutOfOrder.ShouldBeFalse();
    }

    [Fact]
    public async Task Concurrent_messages_share_transactions()
    {
        await using var service = await StartAsync(o => o.Name = "sharing");
        using var batches = new BatchSizes("sharing");
        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => service.SendAsync(new Count { TallyId = Guid.NewGuid() })));
        batches.Messages.ShouldBe(500);
        batches.Count.ShouldBeLessThan(100);
        (await service.CountAsync(OutboxOfCounted)).ShouldBe(500);
    }

    [Fact]
    public async Task Two_processes_on_one_database_apply_every_event_once_and_never_deadlock()
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var one = await TallyService.StartAsync(connectionString, Repository.GroupCommit, o => o.Name = "two processes");
        await using var other = await TallyService.StartAsync(connectionString, Repository.GroupCommit, o => o.Name = "two processes");
        var ids = Enumerable.Range(0, 40).Select(_ => Guid.NewGuid()).ToArray();
        using var sizes = new BatchSizes("two processes");
        await Task.WhenAll(Enumerable.Range(0, 40 * 50).Select(i => (i % 2 == 0 ? one : other).SendAsync(new Count { TallyId = ids[i * 7 % 40] })));
        foreach (var id in ids) (await one.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(50);
        sizes.Retries.ShouldBe(0);
    }

    [Fact]
    public async Task What_a_saga_sends_commits_with_it_and_goes_with_it_when_it_throws()
    {
        await using var service = await StartAsync();
        var id = Guid.NewGuid();
        await service.SendAsync(new Count { TallyId = id });
        (await service.CountAsync(OutboxOfCounted)).ShouldBe(1);
        service.Step.Run = _ => throw new CountFailedException();
        await Should.ThrowAsync<CountFailedException>(service.SendAsync(new Count { TallyId = id }));
        (await service.CountAsync(OutboxOfCounted)).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_waits_for_another_one_of_its_saga_is_refused_instead_of_waiting_for_ever()
    {
        await using var service = await StartAsync();
        var id = Guid.NewGuid();
        service.Step.Run = _ => service.SendAsync(new CloseTally { TallyId = id });
        var refused = await Should.ThrowAsync<Exception>(service.SendAsync(new Count { TallyId = id }));
        refused.GetBaseException().Message.ShouldContain("may not wait for another one");
    }

    [Fact]
    public async Task A_message_whose_caller_has_given_up_before_its_turn_never_runs()
    {
        await using var service = await StartAsync(o => o.Lanes = 1);
        var (running, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        service.Step.Run = context =>
        {
            if (context.Message.Name != "first") return Task.CompletedTask;
            running.TrySetResult();
            return go.Task;
        };
        var id = Guid.NewGuid();
        using var patience = new CancellationTokenSource();
        var first = service.SendAsync(new Count { TallyId = Guid.NewGuid(), Name = "first" });
        await running.Task;
        var given = service.SendWithAsync(new Count { TallyId = id }, patience.Token);
        await patience.CancelAsync();
        go.SetResult();
        await first;
        await Should.ThrowAsync<OperationCanceledException>(given);
        (await service.FindAsync(id)).ShouldBeNull();
    }

    [Fact]
    public async Task Events_after_the_last_one_of_the_same_batch_meet_the_instance_gone()
    {
        await using var service = await StartAsync(o => o.Lanes = 1);
        var id = Guid.NewGuid();
        await service.SendAsync(new Count { TallyId = id });
        await Task.WhenAll(
            service.SendAsync(new Count { TallyId = id }),
            service.SendAsync(new CloseTally { TallyId = id }),
            service.SendAsync(new Count { TallyId = id, Step = 7 }),
            service.SendAsync(new Count { TallyId = id, Step = 1 }));
        (await service.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(8);
    }

    private async Task<TallyService> StartAsync(Action<GroupCommitOptions>? options = null) =>
        await TallyService.StartAsync(await postgres.CreateDatabaseAsync(), Repository.GroupCommit, options);
}
