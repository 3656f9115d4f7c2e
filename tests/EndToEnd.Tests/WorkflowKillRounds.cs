using Conductor.Engines;
using Conductor.Testing;

namespace Conductor.EndToEnd.Tests;

/// <summary>
/// <c>./bench kill-workflows</c>: service, engines and workers are killed at random under load. CONDUCTOR_KILL_SEED repeats a run's choices.
/// </summary>
[EndToEnd]
public sealed class WorkflowKillRounds(ITestOutputHelper output)
{
    private static readonly string[] Victims = ["workflows", "postgres", "rabbitmq", "orders", "payments", "stock", "shipping"];
    private readonly Dictionary<string, int> _kills = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Whatever_is_killed_under_load_each_execution_ends_once_and_well()
    {
        var (rounds, seed) = (KillSettings.Rounds(3), KillSettings.Seed());
        output.Tell($"seed {seed}, {rounds} rounds");
        await using var platform = await Platform.StartAsync("--no-dashboard");
        using var load = new CheckoutLoad(platform);
        await load.RegisterAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Task.Run(() => load.RunAsync(enough.Token), Stop);
        var random = new Random(seed);
        for (var round = 1; round <= rounds; round++)
        {
            await Task.Delay(random.Next(1000, 5000), Stop);
            await KillAsync(platform, Victims[random.Next(Victims.Length)], load);
        }
        await Task.Delay(TimeSpan.FromSeconds(3), Stop);
        await enough.CancelAsync();
        await running;
        output.Tell($"{await load.JudgeAsync()}; kills: {string.Join(", ", _kills.Select(k => $"{k.Key} {k.Value}"))}");
    }

    private async Task KillAsync(Platform platform, string victim, CheckoutLoad load)
    {
        // Under load, but not in the middle of the last recovery: the next kill hits what works.
        await KillRounds.HealthyAsync(platform);
        await Eventually.IsTrueAsync(() => platform.IsRecorded(victim), $"{victim} runs", seconds: 120);
        await platform.KillAndSeeAgainAsync(victim);
        _kills[victim] = _kills.GetValueOrDefault(victim) + 1;
        output.Tell($"killed {victim}; {load.Started} executions so far, {load.Refused} refusals");
    }
}
