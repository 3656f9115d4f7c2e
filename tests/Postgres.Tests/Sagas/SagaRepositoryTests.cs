using Conductor.Engines;
using MassTransit;
using MassTransit.Mediator;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Postgres.Tests.Sagas;

/// <summary>The contract of whatever keeps instances, without a bus: sending returns after the commit, or throws.</summary>
[Integration]
public sealed class SagaRepositoryTests(PostgresServer postgres)
{
    public static TheoryData<Repository> All => [.. Enum.GetValues<Repository>()];

    [Theory, MemberData(nameof(All))]
    public async Task Concurrent_first_events_make_one_instance_and_all_take_effect(Repository repository)
    {
        await using var service = await TallyService.StartAsync(await postgres.CreateDatabaseAsync(), repository);
        var id = Guid.NewGuid();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.SendAsync(new Count { TallyId = id })));
        (await service.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(20);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Forty_sagas_with_fifty_concurrent_events_each_apply_every_event_once(Repository repository)
    {
        await using var service = await TallyService.StartAsync(await postgres.CreateDatabaseAsync(), repository);
        var ids = Enumerable.Range(0, 40).Select(_ => Guid.NewGuid()).ToArray();
        await Parallel.ForEachAsync(Enumerable.Range(0, 40 * 50), new ParallelOptions { MaxDegreeOfParallelism = 30 },
            async (i, _) => await service.SendAsync(new Count { TallyId = ids[i % 40] }));
        foreach (var id in ids) (await service.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(50);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_message_that_throws_fails_alone_and_leaves_nothing_behind(Repository repository)
    {
        await using var service = await TallyService.StartAsync(await postgres.CreateDatabaseAsync(), repository);
        var ids = await CreateAsync(service, "a", "b", "c");
        var good = Enumerable.Range(0, 60).Select(i => service.SendAsync(new Count { TallyId = ids[i % 3] })).ToArray();
        var bad = Enumerable.Range(0, 6).Select(i => service.SendAsync(new CountAndFail { TallyId = ids[i % 3] })).ToArray();
        var more = Enumerable.Range(0, 60).Select(i => service.SendAsync(new Count { TallyId = ids[i % 3] })).ToArray();
        await Task.WhenAll([.. good, .. more]);
        foreach (var failed in bad) (await Should.ThrowAsync<Exception>(failed)).GetBaseException().ShouldBeOfType<CountFailedException>();
        foreach (var id in ids) (await service.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(41);
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_message_for_a_missing_instance_that_throws_makes_none(Repository repository)
    {
        await using var service = await TallyService.StartAsync(await postgres.CreateDatabaseAsync(), repository);
        var id = Guid.NewGuid();
        await Should.ThrowAsync<Exception>(service.SendAsync(new CountAndFail { TallyId = id }));
        (await service.FindAsync(id)).ShouldBeNull();
    }

    [Theory, MemberData(nameof(All))]
    public async Task A_finalised_instance_is_removed_and_the_next_event_starts_anew(Repository repository)
    {
        await using var service = await TallyService.StartAsync(await postgres.CreateDatabaseAsync(), repository);
        var id = (await CreateAsync(service, "a"))[0];
        await service.SendAsync(new CloseTally { TallyId = id });
        (await service.FindAsync(id)).ShouldBeNull();
        await service.SendAsync(new CloseTally { TallyId = id });
        await service.SendAsync(new Count { TallyId = id, Step = 5 });
        (await service.FindAsync(id)).ShouldNotBeNull().Total.ShouldBe(5);
    }

    [Fact]
    public async Task A_request_is_answered_whether_the_instance_is_there_or_not()
    {
        await using var service = await TallyService.StartAsync(await postgres.CreateDatabaseAsync(), Repository.EntityFramework);
        var id = (await CreateAsync(service, "a"))[0];
        var client = service.Mediator.CreateRequestClient<GetTally>();
        var found = await client.GetResponse<TallyFound, TallyNotFound>(new GetTally { TallyId = id }, TestContext.Current.CancellationToken);
        found.Message.ShouldBe(new TallyFound(id, 1));
        var missing = await client.GetResponse<TallyFound, TallyNotFound>(new GetTally { TallyId = Guid.Empty }, TestContext.Current.CancellationToken);
        missing.Message.ShouldBe(new TallyNotFound(Guid.Empty));
    }

    private static async Task<Guid[]> CreateAsync(TallyService service, params string[] names)
    {
        var ids = names.Select(_ => Guid.NewGuid()).ToArray();
        for (var i = 0; i < names.Length; i++) await service.SendAsync(new Count { TallyId = ids[i], Name = names[i] });
        return ids;
    }
}
