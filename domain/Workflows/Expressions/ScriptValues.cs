using System.Collections.Concurrent;
using System.Text.Json;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>A script and what it finds as <c>$</c>.</summary>
/// <param name="Script">JavaScript.</param>
/// <param name="Input">Its <c>$</c>.</param>
public sealed record ScriptCall(string Script, JsonElement Input);

/// <summary>Result of a script: a value, or an error when <paramref name="Error"/> is not null.</summary>
/// <param name="Value">The value of the last statement; undefined when there is an error.</param>
/// <param name="Error">Why there is no value, for the author of the script.</param>
public sealed record ScriptResult(JsonElement Value, string? Error);

/// <summary>Results of the scripts that a decision may need, by script and input. Thread-safe.</summary>
public sealed class ScriptValues
{
    private readonly ConcurrentDictionary<(string Script, string Input), ScriptResult> _results = [];

    /// <summary>The result of a call that was evaluated; null for any other.</summary>
    public ScriptResult? Find(ScriptCall call) => _results.IsEmpty ? null : _results.GetValueOrDefault(Key(call));

    /// <summary>Adds a result.</summary>
    public void Add(ScriptCall call, ScriptResult result) => _results[Key(call)] = result;

    private static (string Script, string Input) Key(ScriptCall call) => (call.Script, call.Input.GetRawText());
}
