using System.Text.Json;
using Conductor.Contracts.Workflows;

namespace Conductor.Workflows.Tests.Publication;

internal sealed record ListedExecution(Guid Id, string Name, int Version, string? CorrelationId, string? Status);

/// <summary>The list of executions as a reader of their topic has it, who knows the documented schema and nothing else.</summary>
internal sealed class ExecutionList
{
    private readonly Dictionary<Guid, ListedExecution> _executions = [];
    private readonly Dictionary<Guid, int> _next = [];

    public IEnumerable<ListedExecution> Executions => _executions.Values.OrderBy(e => e.Id);

    /// <summary>How often something came that had come before.</summary>
    public int Copies { get; private set; }

    public void Apply(ReadOnlySpan<byte> record)
    {
        var happened = JsonSerializer.Deserialize<ExecutionChanged>(record, JsonSerializerOptions.Web)!;
        var id = happened.WorkflowId;
        var expected = _next.GetValueOrDefault(id, 1);
        if (happened.Number < expected)
        {
            Copies++;
            return;
        }
        happened.Number.ShouldBe(expected, $"the events of {id} come in their order, and none is left out");
        _next[id] = expected + happened.Events.Count;
        if (happened.Status == "REMOVED") _executions.Remove(id);
        else if (_executions.TryGetValue(id, out var known)) _executions[id] = known with { Status = happened.Status ?? known.Status };
        else _executions[id] = new(id, happened.Name, happened.Version, happened.CorrelationId, happened.Status);
    }
}
