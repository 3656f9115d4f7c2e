using System.Globalization;
using Conductor.Engines;
using Conductor.Fuzzing;
using Conductor.Testing;
using Npgsql;

namespace Conductor.EndToEnd.Tests;

/// <summary>
/// <c>./bench hostile</c>: hostile scripts, requests, files and payloads, a full disk, and kills of services and of a database at work, all
/// beside a normal load, which loses nothing and stays quick.
/// </summary>
[EndToEnd]
public sealed class HostileRounds(ITestOutputHelper output)
{
    private const double Slower = 5;
    private readonly int _seed = FuzzSeed.Choose();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task A_normal_load_beside_hostile_ones_loses_nothing_and_stays_quick()
    {
        var length = TimeSpan.FromMinutes(double.Parse(Environment.GetEnvironmentVariable("CONDUCTOR_HOSTILE_MINUTES") ?? "60", CultureInfo.InvariantCulture));
        var quiet = length / 4 < TimeSpan.FromMinutes(2) ? length / 4 : TimeSpan.FromMinutes(2);
        using var disk = SmallDisk.Mount(megabytes: 4000);
        await using var platform = await Platform.StartOnAsync(disk.Path, "--no-dashboard");
        using var load = new CheckoutLoad(platform);
        await load.RegisterAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = Task.Run(() => load.RunAsync(enough.Token), Stop);
        await Task.Delay(quiet, Stop);
        var begun = DateTimeOffset.UtcNow;
        await BesideAsync(platform, disk, length);
        var over = DateTimeOffset.UtcNow;
        await enough.CancelAsync();
        await running;
        var summary = await load.JudgeAsync();
        var (before, during) = (await load.SlowestHundredthAsync(begun - quiet, begun), await load.SlowestHundredthAsync(begun, over));
        output.Tell($"seed {_seed}: {summary}");
        output.Tell($"99 of 100 within {before.TotalSeconds:0.00} s before and {during.TotalSeconds:0.00} s in {length.TotalMinutes:0} min");
        output.Tell($"slower than {Slower * before.TotalSeconds:0.0} s: {await load.SlowMinutesAsync(begun, over, Slower * before)}");
        during.ShouldBeLessThanOrEqualTo(Slower * before);
    }

    private async Task BesideAsync(Platform platform, SmallDisk disk, TimeSpan length)
    {
        using var client = new HttpClient { BaseAddress = platform.Workflows, Timeout = TimeSpan.FromMinutes(2) };
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        end.CancelAfter(length);
        await HostileFiles.WatchAsync(platform, Stop);
        var attacks = new[]
        {
            AttackAsync("hostile scripts", TimeSpan.FromSeconds(1), HostileScript.All.Count, n => HostileScript.RunAsync(client, n, Stop), end.Token),
            AttackAsync("hostile payloads", TimeSpan.FromSeconds(5), HostilePayload.All.Count, n => HostilePayload.SendAsync(client, n, Stop), end.Token),
            AttackAsync("hostile files", TimeSpan.FromSeconds(10), int.MaxValue, n => HostileFiles.DropAsync(platform, n, Stop), end.Token),
            AttackAsync("fuzzed requests", TimeSpan.FromSeconds(1), int.MaxValue, Fuzzing(platform, client), end.Token),
            AttackAsync("faults of the machine", length / 4, int.MaxValue, n => FaultAsync(platform, disk, n), end.Token),
        };
        await Task.WhenAll(attacks);
    }

    private Func<int, Task> Fuzzing(Platform platform, HttpClient client)
    {
        var ids = new IdPool();
        var pipelines = new HttpClient { BaseAddress = platform.Pipelines };
        // Whatever it finds it also pauses and terminates: the load's executions it must not find.
        var workflows = FuzzTargets.Workflows with { LeaveOut = ["/api/workflow/search"] };
        Fuzzer[] fuzzers = [new(workflows, client, _seed, ids), new(FuzzTargets.Pipelines, pipelines, _seed, ids)];
        return n => fuzzers[n % fuzzers.Length].RunAsync(20, Stop);
    }

    // One after the other, over and over. What a fault of the machine prevents is tried again later.
    private async Task AttackAsync(string name, TimeSpan pause, int kinds, Func<int, Task> attack, CancellationToken end)
    {
        var (done, missed) = (0, 0);
        using var pace = new PeriodicTimer(pause);
        try
        {
            while (await pace.WaitForNextTickAsync(end))
            {
                try
                {
                    await attack(done++ % kinds);
                }
                catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !Stop.IsCancellationRequested)
                {
                    missed++;
                }
            }
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            output.Tell($"{name}: {done}, of which {missed} met a fault of the machine");
        }
    }

    private async Task FaultAsync(Platform platform, SmallDisk disk, int number)
    {
        switch (number % 3)
        {
            case 0:
                await using (var source = NpgsqlDataSource.Create(platform.Database("workflows")))
                await using (var command = source.CreateCommand("CREATE TABLE busy AS SELECT repeat(n::text, 100) FROM generate_series(1, 100000000) n"))
                {
                    var busy = command.ExecuteNonQueryAsync(Stop);
                    await Task.Delay(TimeSpan.FromSeconds(1), Stop);
                    await platform.KillAsync("postgres");
                    await Should.ThrowAsync<NpgsqlException>(busy);
                }
                break;
            case 1:
                disk.Fill();
                await Task.Delay(TimeSpan.FromSeconds(5), Stop);
                disk.MakeRoom();
                break;
            default:
                await platform.KillAsync("workflows");
                break;
        }
        output.Tell($"fault {number % 3} has happened");
    }
}
