using Conductor.Workflows.Tasks;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Workflows.Tests.Tasks;

public sealed class AlarmTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Alarm _alarm;

    public AlarmTests() => _alarm = new(_time);

    [Theory]
    [InlineData(3, 3)]
    [InlineData(30, 10)]
    [InlineData(-1, 0)]
    public async Task It_sleeps_until_the_time_it_was_given_or_until_what_is_expected_before(int expected, int wakes)
    {
        var (start, asleep) = (_time.GetUtcNow(), _alarm.SleepAsync(_time.GetUtcNow().AddSeconds(10), TestContext.Current.CancellationToken));
        _alarm.Expect(start.AddSeconds(expected));
        while (!asleep.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            // Its continuations run on threads of the pool.
            await Task.WhenAny(asleep, Task.Delay(1, TestContext.Current.CancellationToken));
            if (_time.GetUtcNow() - start > TimeSpan.FromSeconds(20)) break;
        }
        await asleep;
        (_time.GetUtcNow() - start).TotalSeconds.ShouldBeInRange(wakes, wakes + 0.5);
    }

    [Fact]
    public async Task What_was_expected_before_the_sleep_counts_until_it_is_forgotten()
    {
        _alarm.Expect(_time.GetUtcNow());
        await _alarm.SleepAsync(_time.GetUtcNow().AddHours(1), TestContext.Current.CancellationToken);
        _alarm.Reset();
        _alarm.SleepAsync(_time.GetUtcNow().AddHours(1), TestContext.Current.CancellationToken).IsCompleted.ShouldBeFalse();
    }
}
