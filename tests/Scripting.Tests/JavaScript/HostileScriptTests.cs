using System.Diagnostics;

namespace Conductor.Scripting.Tests.JavaScript;

/// <summary>Scripts that want to end, hang or fill their host, while others work beside them.</summary>
public sealed class HostileScriptTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_hostile_script_fails_alone_while_others_work()
    {
        var scripts = Scripts();
        using var engine = JavaScriptEngine.Within(Limit);
        (await engine.EvaluateAsync("1")).Error.ShouldBeNull();
        using var stop = new CancellationTokenSource();
        var work = Enumerable.Range(0, 2).Select(i => WorkAsync(engine, $"normal {i}", stop.Token)).ToList();
        foreach (var (name, script) in scripts)
        {
            var watch = Stopwatch.StartNew();
            var result = await engine.EvaluateAsync(script, owner: "hostile");
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15), name);
            if (result.Error is null) result.Value.GetRawText().Length.ShouldBeLessThanOrEqualTo(100_000, name);
            (await engine.EvaluateAsync("[$.a, 6 * 7, typeof x, [2, 1].sort()]", """{"a":1}""", "hostile")).Value.GetRawText()
                .ShouldBe("""[1,42,"undefined",[1,2]]""", name);
        }
        await stop.CancelAsync();
        (await Task.WhenAll(work)).Sum().ShouldBeGreaterThan(1000);
    }

    [Fact]
    public async Task Endless_scripts_of_one_definition_hold_up_neither_another_one_nor_the_end()
    {
        Task<Domain.Workflows.Expressions.ScriptResult>[] endless;
        var watch = Stopwatch.StartNew();
        using (var engine = JavaScriptEngine.Within(Limit))
        {
            endless = [.. Enumerable.Range(0, 1000).Select(_ => engine.EvaluateAsync("for (;;);", owner: "hostile"))];
            for (var i = 0; i < 100; i++) (await engine.EvaluateAsync("$.a", """{"a":1}""", "normal")).Error.ShouldBeNull();
            (await endless[0]).Error.ShouldBe("The script took longer than 0.2 s");
        }
        watch.Elapsed.ShouldBeLessThan(endless.Length * Limit / Environment.ProcessorCount / 4);
        // The engine cancels at once; those who wait hear of it from other threads.
        await Task.WhenAll(endless).ContinueWith(_ => { }, TaskScheduler.Default);
        endless.Count(result => result.IsCanceled).ShouldBeGreaterThan(500);
    }

    private static async Task<int> WorkAsync(JavaScriptEngine engine, string owner, CancellationToken stop)
    {
        var done = 0;
        for (; !stop.IsCancellationRequested; done++)
            (await engine.EvaluateAsync("$.n * 2", $$"""{"n":{{done}}}""", owner)).Value.GetInt32().ShouldBe(done * 2);
        return done;
    }

    private static List<(string Name, string Script)> Scripts()
    {
        var file = Path.Combine(Environment.GetEnvironmentVariable("CONDUCTOR_SHARED") ?? "", "data/scripts/evil.txt");
        Assert.SkipUnless(File.Exists(file), "the hostile scripts are not here (CONDUCTOR_SHARED)");
        return [.. File.ReadLines(file).Select(line => line.Split(" ## ", 2)).Where(pair => pair.Length == 2).Select(pair => (pair[0], pair[1]))];
    }
}
