using System.Text.Json;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Limits;
using Conductor.Workflows.Answers;

namespace Conductor.Workflows.Executions;

/// <summary>Conductor's StartWorkflowRequest.</summary>
internal sealed record StartWorkflowRequest
{
    public const string At = "startWorkflow.arg0.";

    public string? Name { get; init; }
    public int? Version { get; init; }
    public string? CorrelationId { get; init; }
    public JsonElement Input { get; init; }
    public int Priority { get; init; }
    public Dictionary<string, string>? TaskToDomain { get; init; }
    public string? CreatedBy { get; init; }
    public WorkflowDefinition? WorkflowDef { get; init; }
    public string? IdempotencyKey { get; init; }
    public string? IdempotencyStrategy { get; init; }

    /// <exception cref="ConductorException">A field may not be as it is.</exception>
    public StartWorkflowRequest Checked()
    {
        if (string.IsNullOrEmpty(Name)) throw Wrong("name", "Workflow name cannot be null or empty");
        RequestText.Check("name", Name, TextLimits.Name);
        RequestText.Check("version", Version ?? 0, 0, int.MaxValue);
        RequestText.Check("correlationId", CorrelationId, TextLimits.CorrelationId);
        RequestText.Check("createdBy", CreatedBy, TextLimits.Short);
        RequestText.Check("idempotencyKey", IdempotencyKey, TextLimits.CorrelationId);
        Strategy();
        if (Priority > 99) throw Wrong("priority", $"priority: {Priority} should be maximum 99", $"{Priority}");
        if (Priority < 0) throw Wrong("priority", $"priority: {Priority} should be minimum 0", $"{Priority}");
        if (Input.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined))
            throw Wrong("input", "input must be a JSON object");
        foreach (var (type, domain) in TaskToDomain ?? [])
        {
            RequestText.Check("taskToDomain", type, TextLimits.Name);
            RequestText.Check("taskToDomain", domain, TextLimits.Domain);
        }
        return this;
    }

    /// <summary>The definition that came with the request, under the request's name when it has none of its own.</summary>
    public WorkflowDefinition? Definition() => WorkflowDef is null || !string.IsNullOrEmpty(WorkflowDef.Name) ? WorkflowDef : WorkflowDef with { Name = Name };

    /// <summary>What to do when the key has been used; by default the start is taken for a repeat.</summary>
    public Contracts.Workflows.IdempotencyStrategy Strategy() => IdempotencyStrategy switch
    {
        null or "" or "RETURN_EXISTING" => Contracts.Workflows.IdempotencyStrategy.ReturnExisting,
        "FAIL" => Contracts.Workflows.IdempotencyStrategy.Fail,
        "FAIL_ON_RUNNING" => Contracts.Workflows.IdempotencyStrategy.FailOnRunning,
        _ => throw Wrong("idempotencyStrategy", "idempotencyStrategy must be RETURN_EXISTING, FAIL or FAIL_ON_RUNNING", IdempotencyStrategy),
    };

    private static ConductorException Wrong(string field, string message, string? value = null) =>
        new(ConductorError.Invalid([new ValidationError(At + field, message, value)]));
}
