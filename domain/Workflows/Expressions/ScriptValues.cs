using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;
using Conductor.Domain.Workflows.Limits;

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
    // Most decisions need none.
    private ConcurrentDictionary<(string Script, string Input), ScriptResult>? _results;
    private long _bytes;

    /// <summary>The result of a call that was evaluated; null for any other.</summary>
    public ScriptResult? Find(ScriptCall call) => _results?.GetValueOrDefault(Key(call));

    /// <summary>Adds a result. Beyond <see cref="ValueLimits.DecisionBytes"/> of all together it is an error.</summary>
    public void Add(ScriptCall call, ScriptResult result)
    {
        var size = result.Error is null ? JsonMarshal.GetRawUtf8Value(result.Value).Length : 0;
        LazyInitializer.EnsureInitialized(ref _results)[Key(call)] = Interlocked.Add(ref _bytes, size) <= ValueLimits.DecisionBytes ? result
            : new(default, $"The results of the scripts that run at once would be larger than {ValueLimits.DecisionBytes >> 20} MB");
    }

    private static (string Script, string Input) Key(ScriptCall call) => (call.Script, call.Input.GetRawText());
}
