using Conductor.Postgres.Supervision;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Postgres.Tests.Supervision;

public sealed class SignalTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _time = new();
    private readonly Signal _signal = new();

    [Fact]
    public async Task A_rest_ends_when_it_is_raised_and_the_next_one_waits_again()
    {
        var rest = RestAsync();
        rest.IsCompleted.ShouldBeFalse();
        _signal.Raise();
        await rest;
        RestAsync().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_raised_while_nobody_rests_counts_once()
    {
        _signal.Raise();
        _signal.Raise();
        await RestAsync();
        RestAsync().IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_rest_that_nobody_ends_ends_with_its_time_and_one_that_is_cancelled_throws()
    {
        var rest = RestAsync();
        _time.Advance(Long);
        await rest;
        using var stop = new CancellationTokenSource();
        var stopped = _signal.WaitAsync(Timeout.InfiniteTimeSpan, _time, stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(stopped);
    }

    private Task RestAsync() => _signal.WaitAsync(Long, _time, TestContext.Current.CancellationToken);
}
