using Conductor.Engines;

namespace Conductor.EndToEnd.Tests;

[EndToEnd]
public sealed class StopTests(DemoPlatform demo)
{
    [Fact]
    public async Task A_second_platform_lives_beside_the_first_and_stopping_it_leaves_nothing()
    {
        var first = await demo.StartedAsync();
        await using var second = await Platform.StartAsync("--no-demo");
        var processes = second.Processes();
        processes.Count.ShouldBeGreaterThan(5);
        processes.ShouldAllBe(p => Platform.Lives(p));
        first.Processes().ShouldAllBe(p => Platform.Lives(p));

        await second.StopAsync();

        processes.ShouldAllBe(p => !Platform.Lives(p));
        File.Exists(Path.Combine(second.Data, "lock")).ShouldBeFalse();
        first.Processes().ShouldAllBe(p => Platform.Lives(p));
    }

    [Theory]
    [InlineData("apphost")]
    [InlineData("dcp")]
    public async Task After_the_AppHost_or_Aspires_orchestrator_was_killed_the_next_start_ends_what_is_left_and_all_is_well(string victim)
    {
        await using var platform = await Platform.StartAsync("--no-demo", "--no-dashboard");
        var left = platform.Processes();
        var apphost = left.Single(p => p.Id == platform.ProcessId("apphost"));
        await platform.KillAsync(victim);
        // It notices within a second that the orchestrator is gone, and ends.
        await Eventually.IsTrueAsync(() => !Platform.Lives(apphost), "the AppHost has ended");

        var again = await platform.StartAgainAsync("--no-demo", "--no-dashboard");

        left.ShouldAllBe(p => !Platform.Lives(p));
        again.Output.ShouldContain("ready");
        again.Processes().ShouldAllBe(p => Platform.Lives(p));
    }

    [Fact]
    public async Task What_a_killed_AppHost_left_behind_is_ended_by_stop()
    {
        await using var platform = await Platform.StartAsync("--no-demo", "--no-dashboard");
        var left = platform.Processes();
        await platform.KillAsync("apphost");

        var output = await platform.StopAsync();

        output.ShouldContain("stopped");
        left.ShouldAllBe(p => !Platform.Lives(p));
    }
}
