using Conductor.Postgres.Tests.Messaging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Postgres.Tests;

public sealed class SampledTests
{
    private readonly FakeTimeProvider _time = new();
    private int _reads;

    [Fact]
    public async Task Figures_are_read_every_12_seconds_while_somebody_asks_and_not_while_nobody_does()
    {
        var sampled = Sampled(() => "figures");
        sampled.Latest.ShouldBeNull();
        await Eventually.BecomesAsync(() => sampled.Latest, latest => latest is "figures");
        for (var i = 0; i < 100; i++) sampled.Latest.ShouldBe("figures");
        Volatile.Read(ref _reads).ShouldBe(1);
        await AdvanceAsync(TimeSpan.FromSeconds(12), reads: 2);
        _time.Advance(TimeSpan.FromMinutes(6));
        await Eventually.BecomesAsync(() => sampled.Latest, latest => latest is null);
        await Eventually.BecomesAsync(() => Volatile.Read(ref _reads), reads => reads == 3);
    }

    [Fact]
    public async Task What_cannot_be_read_is_shown_as_nothing_and_not_as_it_was()
    {
        var fails = false;
        var sampled = Sampled(() => fails ? throw new TimeoutException("no database") : "figures");
        await Eventually.BecomesAsync(() => sampled.Latest, latest => latest is not null);
        fails = true;
        await AdvanceAsync(TimeSpan.FromSeconds(12), reads: 2);
        await Eventually.BecomesAsync(() => sampled.Latest, latest => latest is null);
        fails = false;
        await AdvanceAsync(TimeSpan.FromSeconds(12), reads: 3);
        await Eventually.BecomesAsync(() => sampled.Latest, latest => latest is not null);
    }

    // The delay may begin a little after the reading has ended.
    private Task AdvanceAsync(TimeSpan by, int reads) => Eventually.BecomesAsync(
        () =>
        {
            if (Volatile.Read(ref _reads) < reads) _time.Advance(by);
            return Volatile.Read(ref _reads);
        }, count => count == reads);

    private Sampled<string> Sampled(Func<string> read) => new(
        _ =>
        {
            Interlocked.Increment(ref _reads);
            return Task.FromResult(read());
        }, _time, NullLogger.Instance, TestContext.Current.CancellationToken);
}
