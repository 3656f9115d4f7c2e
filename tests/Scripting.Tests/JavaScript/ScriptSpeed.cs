using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Conductor.Scripting.JavaScript;

namespace Conductor.Scripting.Tests.JavaScript;

/// <summary>Measures; <c>./bench scripts</c> runs it.</summary>
public sealed class ScriptSpeed(ITestOutputHelper output)
{
    [Theory(Explicit = true)]
    [InlineData("small (800 B in)", 1, "$.a > 3 ? 'y' : 'n'", 5, 9_000)]
    [InlineData("small (800 B in)", 8, "$.a > 3 ? 'y' : 'n'", 5, 9_000)]
    [InlineData("big (9 kB in, 3 kB out)", 8, "$.items.filter(i => i.n % 3 == 0).map(i => ({ n: i.n, t: i.t.toUpperCase() }))", 150, 500)]
    public async Task Evaluations_per_second_of_a_processor(string name, int flows, string script, int items, int least)
    {
        using var evaluator = new JavaScriptEvaluator(new(), TimeProvider.System);
        var list = string.Join(',', Enumerable.Range(0, items).Select(i => $$"""{"n":{{i}},"t":"item {{i}}","u":"0123456789012345678901234567890"}"""));
        var padding = items > 5 ? "" : new string('p', 450);
        await RunAsync(evaluator, flows, 2_000, script, list, padding);
        using var process = Process.GetCurrentProcess();
        var (watch, before) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        var done = await RunAsync(evaluator, flows, items > 5 ? 5_000 : 50_000, script, list, padding);
        process.Refresh();
        var perSecond = done / (process.TotalProcessorTime - before).TotalSeconds;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}, {flows} at a time: {perSecond:N0} a second of processor, {done / watch.Elapsed.TotalSeconds:N0} a second"));
        perSecond.ShouldBeGreaterThan(least);
    }

    private static async Task<int> RunAsync(JavaScriptEvaluator evaluator, int flows, int count, string script, string items, string padding)
    {
        var inputs = Enumerable.Range(0, 100).Select(i => $$"""{"a":{{i}},"p":"{{padding}}","items":[{{items}}]}""")
            .Select(json => JsonElement.Parse(json)).ToList();
        await Task.WhenAll(Enumerable.Range(0, flows).Select(async flow =>
        {
            for (var i = 0; i < count / flows; i++) (await evaluator.EvaluateAsync($"{flow}", new(script, inputs[i % 100]))).Error.ShouldBeNull();
        }));
        return count / flows * flows;
    }
}
