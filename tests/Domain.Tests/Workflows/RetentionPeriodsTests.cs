using Conductor.Domain.Workflows.Retention;

namespace Conductor.Domain.Tests.Workflows;

public sealed class RetentionPeriodsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RetentionPeriods Periods = new(TimeSpan.FromDays(30), new Dictionary<string, int> { ["short"] = 1, ["none"] = 0 });

    [Theory]
    [InlineData("usual", 30, false)]
    [InlineData("usual", 30.01, true)]
    [InlineData("short", 1, false)]
    [InlineData("short", 1.01, true)]
    [InlineData("none", 0.01, true)]
    public void An_execution_is_due_when_its_definition_s_period_has_passed(string name, double days, bool isDue) =>
        Periods.IsDue(name, Now - TimeSpan.FromDays(days), Now).ShouldBe(isDue);

    [Fact]
    public void A_period_longer_than_time_keeps_everything()
    {
        var endless = new RetentionPeriods(TimeSpan.MaxValue, new Dictionary<string, int>());
        endless.IsDue("any", DateTimeOffset.UnixEpoch.AddDays(1), Now).ShouldBeFalse();
    }
}
