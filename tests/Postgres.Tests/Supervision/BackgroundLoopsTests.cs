using Conductor.Postgres.Supervision;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Postgres.Tests.Supervision;

public sealed class BackgroundLoopsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Lines _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly BackgroundLoops _loops;

    public BackgroundLoopsTests() => _loops = new(_time, _log);

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task A_turn_that_throws_is_told_and_tried_again_and_health_names_its_loop_until_one_succeeds()
    {
        var turns = 0;
        var resting = new TaskCompletionSource();
        var loop = _loops.RunAsync("the mill", async (self, _) =>
        {
            if (++turns <= 2) throw new InvalidDataException($"grit {turns}");
            await self.RestAsync(resting.Task);
            await _stop.CancelAsync();
        }, _stop.Token);
        _log.All.ShouldHaveSingleItem().ShouldContain("the mill failed");
        var failing = await HealthAsync();
        (failing.Status, failing.Description).ShouldBe((HealthStatus.Degraded, "the mill fails: grit 1"));
        await UntilAsync(() => turns == 3);
        _log.All.Count.ShouldBe(2);
        resting.SetResult();
        await loop;
        (await HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_turn_that_takes_longer_than_its_patience_is_stuck_and_one_that_rests_is_not()
    {
        using var resting = _loops.Watch("the sleeper");
        using var busy = _loops.Watch("the mill", TimeSpan.FromSeconds(5));
        busy.Busy();
        _time.Advance(TimeSpan.FromMinutes(10));
        var stuck = await HealthAsync();
        (stuck.Status, stuck.Description).ShouldBe((HealthStatus.Unhealthy, "the mill is stuck since 600 s"));
        busy.Rest();
        (await HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task An_outage_of_the_database_is_not_the_fault_of_a_loop_and_is_tried_again_every_second()
    {
        var turns = 0;
        var loop = _loops.RunAsync("the mill", async (_, _) =>
        {
            if (++turns < 8) throw new Npgsql.NpgsqlException("gone", new IOException());
            await _stop.CancelAsync();
        }, _stop.Token);
        (await HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        await UntilAsync(() => loop.IsCompleted);
        _log.All[^1].ShouldEndWith("it goes on in 00:00:01");
    }

    private Task<HealthCheckResult> HealthAsync() => _loops.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);

    private Task UntilAsync(Func<bool> condition) => Eventually.IsTrueAsync(() =>
    {
        if (condition()) return true;
        _time.Advance(TimeSpan.FromMilliseconds(100));
        return false;
    }, "the loop has got there");

    private sealed class Lines : ILogger<BackgroundLoops>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(formatter(state, exception));
    }
}
