using System.Text.Json;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>Evaluates JavaScript, with time and memory bounded.</summary>
public interface IScriptEvaluator
{
    /// <summary>Evaluates <paramref name="script"/> with <paramref name="input"/> as <c>$</c>.</summary>
    ScriptResult Evaluate(string script, JsonElement input);
}

/// <summary>Result of a script: a value, or an error when <paramref name="Error"/> is not null.</summary>
public sealed record ScriptResult(JsonElement Value, string? Error);
