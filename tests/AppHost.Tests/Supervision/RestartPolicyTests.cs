using Conductor.AppHost.Supervision;

namespace Conductor.AppHost.Tests.Supervision;

public sealed class RestartPolicyTests
{
    [Fact]
    public void Each_quick_failure_doubles_the_delay_up_to_half_a_minute_for_ever()
    {
        var policy = new RestartPolicy();
        Enumerable.Range(0, 9).Select(_ => policy.Next(TimeSpan.FromSeconds(1)).TotalSeconds).ShouldBe([0.5, 1, 2, 4, 8, 16, 30, 30, 30]);
        for (var i = 0; i < 10_000; i++) policy.Next(TimeSpan.Zero);
        policy.Next(TimeSpan.Zero).ShouldBe(RestartPolicy.Longest);
    }

    [Fact]
    public void Having_run_for_a_while_begins_anew()
    {
        var policy = new RestartPolicy();
        for (var i = 1; i < 8; i++) policy.Next(TimeSpan.Zero);
        policy.Next(RestartPolicy.AWhile).ShouldBe(RestartPolicy.First);
        policy.Next(TimeSpan.Zero).ShouldBe(RestartPolicy.First * 2);
    }
}
