using Conductor.Hosting.Supervision;

namespace Conductor.AppHost.Tests.Supervision;

public sealed class RestartPolicyTests
{
    [Fact]
    public void Each_quick_failure_doubles_the_delay_until_it_is_given_up()
    {
        var policy = new RestartPolicy();
        var delays = Enumerable.Range(0, RestartPolicy.QuickFailures).Select(_ => policy.Next(TimeSpan.FromSeconds(1))?.TotalSeconds).ToList();
        delays.ShouldBe([0.5, 1, 2, 4, 8, null]);
    }

    [Fact]
    public void Having_run_for_a_while_begins_anew()
    {
        var policy = new RestartPolicy();
        for (var i = 1; i < RestartPolicy.QuickFailures; i++) policy.Next(TimeSpan.Zero);
        policy.Next(RestartPolicy.AWhile).ShouldBe(RestartPolicy.First);
        policy.Next(TimeSpan.Zero).ShouldBe(RestartPolicy.First * 2);
    }
}
