using System.Diagnostics;
using Conductor.Engines;

namespace Conductor.AppHost.Tests.Platform;

[EndToEnd, Collection(nameof(RunningPlatform))]
public sealed class RestartTests(RunningPlatform platform)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("workflows")]
    [InlineData("pipelines")]
    [InlineData("console")]
    [InlineData("postgres")]
    [InlineData("rabbitmq")]
    public async Task What_is_killed_is_started_again_and_all_is_well(string name)
    {
        await platform.StartedAsync(Stop);
        var before = platform.ProcessIds(name).Single();
        using (var process = Process.GetProcessById(before)) process.Kill();

        await Eventually.IsTrueAsync(() => platform.ProcessIds(name).Any(id => id != before), $"{name} runs again");

        foreach (var service in new[] { "workflows", "pipelines", "console" }) await HealthyAsync(service);
        (await File.ReadAllTextAsync(Path.Combine(platform.Data, "logs", $"{name}.log"), Stop)).ShouldContain("starts again in");
    }

    [Fact]
    public async Task What_is_stopped_on_purpose_stays_stopped_until_it_is_started()
    {
        await platform.StartedAsync(Stop);
        var console = platform["console"];
        (await platform.Commands.ExecuteCommandAsync(console, KnownResourceCommands.StopCommand, Stop)).Success.ShouldBeTrue();
        await platform.Notifications.WaitForResourceAsync("console", KnownResourceStates.TerminalStates, Stop);
        var log = Path.Combine(platform.Data, "logs", "console.log");
        var ends = Ends(log);

        (await platform.Commands.ExecuteCommandAsync(console, KnownResourceCommands.StartCommand, Stop)).Success.ShouldBeTrue();
        await HealthyAsync("console");

        Ends(log).ShouldBe(ends);
    }

    [Fact]
    public async Task A_workflow_runs_through_the_service_that_Aspire_started()
    {
        await platform.StartedAsync(Stop);
        using var client = platform.Client("workflows");
        (await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), Stop)).ShouldContain("/api/workflow");
    }

    private static int Ends(string log) => File.ReadLines(log).Count(l => l.Contains("starts again in", StringComparison.Ordinal));

    private async Task HealthyAsync(string service)
    {
        using var client = platform.Client(service);
        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    using var answer = await client.GetAsync(new Uri("/health", UriKind.Relative), Stop);
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            $"{service} is healthy");
    }
}
