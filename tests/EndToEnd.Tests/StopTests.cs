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

    [Fact]
    public async Task After_the_AppHost_was_killed_the_next_start_ends_what_it_left_behind()
    {
        await using var platform = await Platform.StartAsync("--no-demo");
        var left = platform.Processes();
        await KillAppHostAsync(platform);

        left.Count(Platform.Lives).ShouldBeGreaterThan(1);

        var again = await platform.StartAgainAsync("--no-demo");

        left.ShouldAllBe(p => !Platform.Lives(p));
        again.Output.ShouldContain("ready");
        again.Processes().ShouldAllBe(p => Platform.Lives(p));
    }

    [Fact]
    public async Task What_a_killed_AppHost_left_behind_is_ended_by_stop()
    {
        await using var platform = await Platform.StartAsync("--no-demo");
        var left = platform.Processes();
        await KillAppHostAsync(platform);

        var output = await platform.StopAsync();

        output.ShouldContain("stopped");
        left.ShouldAllBe(p => !Platform.Lives(p));
    }

    private static async Task KillAppHostAsync(Platform platform)
    {
        var id = File.ReadLines(Path.Combine(platform.Data, "processes")).Single(l => l.EndsWith(" apphost", StringComparison.Ordinal)).Split(' ')[0];
        using var kill = System.Diagnostics.Process.Start("/bin/kill", ["-KILL", id]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
