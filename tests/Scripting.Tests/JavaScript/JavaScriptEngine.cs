using System.Text.Json;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Limits;
using Conductor.Scripting.JavaScript;

namespace Conductor.Scripting.Tests.JavaScript;

/// <summary>One evaluator for a class of tests: it takes a second to start.</summary>
public sealed class JavaScriptEngine : IDisposable
{
    private JavaScriptEngine(TimeSpan time) =>
        Evaluator = new(new() { Time = time, InputBytes = 100_000, OutputBytes = 100_000 }, TimeProvider.System);

    public JavaScriptEngine() : this(TimeSpan.FromSeconds(1)) { }

    internal JavaScriptEvaluator Evaluator { get; }

    public static JavaScriptEngine Within(TimeSpan time) => new(time);

    public Task<ScriptResult> EvaluateAsync(string script, string input = "{}", string owner = "tests") =>
        Evaluator.EvaluateAsync(owner, new(script, JsonDocument.Parse(input, new() { MaxDepth = JsonLimits.RequestDepth }).RootElement));

    public void Dispose() => Evaluator.Dispose();
}
