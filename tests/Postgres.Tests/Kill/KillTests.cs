using System.Diagnostics;
using Conductor.Engines;
using Conductor.Postgres.Tests.Messaging;
using Conductor.Testing;

namespace Conductor.Postgres.Tests.Kill;

/// <summary>
/// Ends the consumer, the broker and the database with SIGKILL at random moments under load. CONDUCTOR_KILL_ROUNDS says how often each
/// (3), CONDUCTOR_KILL_SEED which moments.
/// </summary>
[Integration]
public sealed class KillTests(ITestOutputHelper output)
{
    private static readonly int Rounds = KillSettings.Rounds(3);

    [Fact]
    public Task Killing_the_consumer_loses_and_doubles_nothing() => SurviveAsync("consumer", bench =>
    {
        bench.KillConsumer();
        bench.StartConsumer();
        return Task.CompletedTask;
    });

    [Fact]
    public Task Killing_RabbitMQ_loses_and_doubles_nothing() => SurviveAsync("RabbitMQ", async bench =>
    {
        bench.RabbitMq.Kill();
        await bench.RabbitMq.StartAsync(TestContext.Current.CancellationToken);
    });

    [Fact]
    public Task Killing_PostgreSQL_loses_and_doubles_nothing() => SurviveAsync("PostgreSQL", async bench =>
    {
        bench.Postgres.Kill();
        await bench.Postgres.StartAsync(TestContext.Current.CancellationToken);
    });

    private async Task SurviveAsync(string what, Func<KillBench, Task> kill)
    {
        var seed = KillSettings.Seed();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var bench = await KillBench.StartAsync();
        using var stop = new CancellationTokenSource();
        var load = new TransferLoad(bench.RabbitMq.ConnectionString);
        var sending = Task.Run(() => load.RunAsync(stop.Token));
        await ProgressAsync(bench, load, "transferred", 100);
        for (var round = 1; round <= Rounds; round++)
        {
            await Task.Delay(random.Next(200, 2000), TestContext.Current.CancellationToken);
            await kill(bench);
            // Under load again, so that the next one hits work in progress.
            foreach (var (effect, more) in new[] { ("transferred", 50), ("arrived", 50), ("reviewed", 5) })
                await ProgressAsync(bench, load, effect, await EntriesAsync(bench, effect) + more);
        }
        await stop.CancelAsync();
        await sending;
        await SettledAsync(bench, load);
        output.WriteLine(
            $"{what} killed {Rounds} times: {load.Sent} commands, {await EntriesAsync(bench, "arrived")} events, "
            + $"{await EntriesAsync(bench, "reviewed")} timers, each with one effect; {bench.Restarts} restarts of a consumer whose bus was lost");
    }

    private static async Task SettledAsync(KillBench bench, TransferLoad load)
    {
        var sent = load.Sent;
        foreach (var (what, expected) in new[] { ("transferred", sent), ("arrived", sent), ("reviewed", (sent + 9) / 10) })
        {
            await ReachesAsync(bench, load, what, expected);
            (await EntriesAsync(bench, what)).ShouldBe(expected, what);
            (await bench.CountAsync($"SELECT count(DISTINCT number) FROM app.entries WHERE what = '{what}'")).ShouldBe(expected, what);
        }
        await Eventually.BecomesAsync(() => bench.CountAsync("SELECT count(*) FROM app.outbox"), rows => rows == 0, seconds: 60);
        // Nothing more comes once the outbox is empty and every effect is there.
        (await bench.CountAsync("SELECT count(*) FROM app.entries")).ShouldBe(sent + sent + ((sent + 9) / 10));
    }

    // As long as something moves: a machine may be slow, and the load has run ahead of the consumer.
    private static async Task ReachesAsync(KillBench bench, TransferLoad load, string what, long expected)
    {
        var (last, since) = (0L, Stopwatch.GetTimestamp());
        while (true)
        {
            bench.Supervise();
            var transferred = await EntriesAsync(bench, "transferred");
            load.Done(transferred);
            var count = what == "transferred" ? transferred : await EntriesAsync(bench, what);
            if (count >= expected) return;
            if (count > last) (last, since) = (count, Stopwatch.GetTimestamp());
            if (Stopwatch.GetElapsedTime(since).TotalSeconds > 90)
            {
                Assert.Fail($"{what}: {count} of {expected}, {load.Sent} sent; {load.Trouble}, {bench.Restarts} restarts; {await bench.DiagnoseAsync(what)}");
            }
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private static Task ProgressAsync(KillBench bench, TransferLoad load, string what, long expected) =>
        ReachesAsync(bench, load, what, expected).WaitAsync(TimeSpan.FromSeconds(120), TestContext.Current.CancellationToken);

    private static Task<long> EntriesAsync(KillBench bench, string what) => bench.CountAsync($"SELECT count(*) FROM app.entries WHERE what = '{what}'");
}
