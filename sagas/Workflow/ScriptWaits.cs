using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Sagas.Workflow;

/// <summary>What stays the same however often one message is decided: its time, the seed of its ids, and the results of its scripts so far.</summary>
internal sealed record DecisionAttempt(DateTimeOffset Now, Guid Seed, ScriptValues Scripts)
{
    public static DecisionAttempt First(DateTimeOffset now) => new(now, Guid.CreateVersion7(now), new());
}

/// <summary>
/// Messages whose decision needs scripts that are not evaluated yet. Such a message has changed nothing; it leaves its batch, its scripts
/// run while nothing is locked, and when it is decided again their results are there.
/// </summary>
public sealed class ScriptWaits(IScriptEvaluator scripts)
{
    private const int AtATime = 16;

    // By the object itself, and for no longer than it lives.
    private readonly ConditionalWeakTable<object, Wait> _waits = [];

    /// <summary>Whether a message that was just decided waits for scripts; false when it is decided for good.</summary>
    public bool TryTake(object message, [NotNullWhen(true)] out Task? running)
    {
        running = _waits.TryGetValue(message, out var wait) ? Interlocked.Exchange(ref wait.Running, null) : null;
        return running is not null;
    }

    internal bool IsWaiting(object message) => _waits.TryGetValue(message, out var wait) && wait.Running is not null;

    internal DecisionAttempt? Of(object message) => _waits.TryGetValue(message, out var wait) ? wait.Attempt : null;

    internal void Begin(object message, DecisionAttempt attempt, string definition, IReadOnlyList<ScriptCall> calls) =>
        _waits.AddOrUpdate(message, new(attempt, EvaluateAsync(attempt.Scripts, definition, calls)));

    private async Task EvaluateAsync(ScriptValues values, string definition, IReadOnlyList<ScriptCall> calls)
    {
        foreach (var some in calls.Chunk(AtATime))
        {
            var results = await Task.WhenAll(some.Select(call => scripts.EvaluateAsync(definition, call)));
            foreach (var (call, result) in some.Zip(results)) values.Add(call, result);
        }
    }

    private sealed class Wait(DecisionAttempt attempt, Task running)
    {
        public Task? Running = running;

        public DecisionAttempt Attempt => attempt;
    }
}
