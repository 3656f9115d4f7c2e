using System.Text.Json;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Limits;
using Conductor.Scripting.JavaScript;

namespace Conductor.Scripting.Tests.JavaScript;

/// <summary>One evaluator for a class of tests: it takes a second to start.</summary>
public sealed class JavaScriptEngine : IDisposable
{
    internal JavaScriptEvaluator Evaluator { get; } = new(
        new() { Time = TimeSpan.FromMilliseconds(200), InputBytes = 100_000, OutputBytes = 100_000 }, TimeProvider.System);

    public Task<ScriptResult> EvaluateAsync(string script, string input = "{}", string owner = "tests") =>
        Evaluator.EvaluateAsync(owner, new(script, JsonDocument.Parse(input, new() { MaxDepth = JsonLimits.RequestDepth }).RootElement));

    public void Dispose() => Evaluator.Dispose();
}
