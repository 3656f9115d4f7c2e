using System.Text.Json;
using Conductor.Contracts.Workflows;

namespace Conductor.Worker.Execution;

/// <summary>What the server is told about an attempt.</summary>
internal sealed record TaskReport(Assignment Task, TaskOutcome Outcome)
{
    /// <summary>A JSON object, or null to leave the task's output as it is.</summary>
    public JsonElement? Output { get; init; }
    public string? Reason { get; init; }
    public TimeSpan CallbackAfter { get; init; }
    public IReadOnlyList<string> Logs { get; init; } = [];

    /// <summary>For another worker to take, at once: this one stops.</summary>
    public static TaskReport GiveBack(Assignment task) => new(task, TaskOutcome.InProgress);
}
