using Conductor.Engines;
using Conductor.Testing;

namespace Conductor.EndToEnd.Tests;

/// <summary>
/// <c>./bench kill-hand-out</c>: two servers of workflows, one of them or PostgreSQL killed at random while tasks are handed out without a pause
/// to workers of which a quarter vanishes while it polls. CONDUCTOR_KILL_SEED repeats a run's choices.
/// </summary>
[EndToEnd]
public sealed class HandOutKillRounds(ITestOutputHelper output)
{
    private static readonly string[] Victims = ["workflows", "workflows", "workflows", "postgres"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Whatever_is_killed_between_commit_and_answer_no_worker_holds_a_task_that_is_not_known_as_its_own()
    {
        var (rounds, seed) = (KillSettings.Rounds(3), KillSettings.Seed());
        output.Tell($"seed {seed}, {rounds} rounds");
        await using var platform = await Platform.StartAsync("--no-demo", "--no-dashboard", "--replicas:workflows", "2");
        using var load = new HandOutLoad(platform, seed);
        await load.RegisterAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var (starting, working) = (Task.Run(() => load.StartAsync(enough.Token), Stop), Task.Run(() => load.WorkAsync(done.Token), Stop));
        var random = new Random(seed);
        var kills = new Dictionary<string, int>();
        for (var round = 1; round <= rounds; round++)
        {
            await load.GoesOnAsync(random.Next(50, 300));
            var victim = Victims[random.Next(Victims.Length)];
            await platform.KillAndSeeAgainAsync(victim, random.Next());
            kills[victim] = kills.GetValueOrDefault(victim) + 1;
            output.Tell($"round {round}: killed {victim}; {load}");
        }
        await load.GoesOnAsync(200);
        await enough.CancelAsync();
        await starting;
        var summary = await load.JudgeAsync();
        await done.CancelAsync();
        await working;
        output.Tell($"{summary}; kills: {string.Join(", ", kills.Select(k => $"{k.Key} {k.Value}"))}");
    }
}
