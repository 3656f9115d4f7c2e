using System.Diagnostics;

namespace Conductor.Scripting.Tests.JavaScript;

/// <summary>Scripts that want to end, hang or fill their host, one after the other, while others work beside them.</summary>
public sealed class HostileScriptTests(JavaScriptEngine engine) : IClassFixture<JavaScriptEngine>
{
    [Fact]
    public async Task A_hostile_script_fails_alone_while_others_work()
    {
        var scripts = Scripts();
        using var stop = new CancellationTokenSource();
        var work = Enumerable.Range(0, 2).Select(i => WorkAsync($"normal {i}", stop.Token)).ToList();
        foreach (var (name, script) in scripts)
        {
            var watch = Stopwatch.StartNew();
            var result = await engine.EvaluateAsync(script, owner: "hostile");
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5), name);
            if (result.Error is null) result.Value.GetRawText().Length.ShouldBeLessThanOrEqualTo(100_000, name);
            (await engine.EvaluateAsync("[$.a, 6 * 7, typeof x, [2, 1].sort()]", """{"a":1}""", "hostile")).Value.GetRawText()
                .ShouldBe("""[1,42,"undefined",[1,2]]""", name);
        }
        await stop.CancelAsync();
        (await Task.WhenAll(work)).Sum().ShouldBeGreaterThan(1000);
    }

    [Fact]
    public async Task Endless_scripts_of_one_definition_do_not_hold_up_another()
    {
        var endless = Enumerable.Range(0, 20).Select(_ => engine.EvaluateAsync("for (;;);", owner: "hostile")).ToList();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 100; i++) (await engine.EvaluateAsync("$.a", """{"a":1}""", "normal")).Error.ShouldBeNull();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1), "a thread is free for it");
        endless.Count(e => e.IsCompleted).ShouldBeLessThan(20);
        foreach (var result in await Task.WhenAll(endless)) result.Error.ShouldBe("The script took longer than 0.2 s");
    }

    private async Task<int> WorkAsync(string owner, CancellationToken stop)
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
