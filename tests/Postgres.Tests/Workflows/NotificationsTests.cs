using Conductor.Engines;
using Conductor.Postgres.Tests.Sagas.GroupCommit;
using Conductor.Postgres.Workflows;
using Npgsql;

namespace Conductor.Postgres.Tests.Workflows;

[Integration]
public sealed class NotificationsTests(PostgresServer postgres)
{
    [Fact]
    public async Task A_connection_that_has_died_without_a_word_is_noticed()
    {
        await using var proxy = await CuttingProxy.StartAsync(await postgres.CreateDatabaseAsync());
        await using var source = NpgsqlDataSource.Create(proxy.ConnectionString);
        var listening = new TaskCompletionSource();
        var listener = new Notifications(source, TimeSpan.FromMilliseconds(100))
            .ListenAsync(listening.SetResult, (_, _) => { }, () => { }, () => { }, TestContext.Current.CancellationToken);
        await listening.Task;
        proxy.FallSilent();
        (await Should.ThrowAsync<NpgsqlException>(listener.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)))
            .ShouldSatisfyAllConditions(e => DatabaseOutage.Is(e).ShouldBeTrue());
    }
}
