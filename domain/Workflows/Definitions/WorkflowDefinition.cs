using System.Text.Json;

namespace Conductor.Domain.Workflows.Definitions;

/// <summary>A workflow definition in Conductor's JSON shape. Properties are in the order in which Conductor writes them.</summary>
public sealed record WorkflowDefinition
{
    /// <summary>Owning application.</summary>
    public string? OwnerApp { get; init; }
    /// <summary>Epoch milliseconds of the first registration.</summary>
    public long CreateTime { get; init; }
    /// <summary>Epoch milliseconds of the last registration.</summary>
    public long UpdateTime { get; init; }
    /// <summary>Who registered it.</summary>
    public string? CreatedBy { get; init; }
    /// <summary>Who registered it last.</summary>
    public string? UpdatedBy { get; init; }
    /// <summary>Name; with the version it identifies the definition.</summary>
    public string? Name { get; init; }
    /// <summary>What it is for.</summary>
    public string? Description { get; init; }
    /// <summary>Version, from 1.</summary>
    public int Version { get; init; } = 1;
    /// <summary>Tasks in their order.</summary>
    public IReadOnlyList<WorkflowTask> Tasks { get; init; } = [];
    /// <summary>Names of the expected inputs (or schemas).</summary>
    public IReadOnlyList<JsonElement> InputParameters { get; init; } = [];
    /// <summary>Template of the workflow's output.</summary>
    public IReadOnlyDictionary<string, JsonElement> OutputParameters { get; init; } = JsonMaps.Empty;
    /// <summary>Name (or an expression) of the workflow that is started when this one fails.</summary>
    public string? FailureWorkflow { get; init; }
    /// <summary>Version of <see cref="FailureWorkflow"/>; the latest when null.</summary>
    public int? FailureWorkflowVersion { get; init; }
    /// <summary>Always 2.</summary>
    public int SchemaVersion { get; init; } = 2;
    /// <summary>False: a completed execution cannot be restarted.</summary>
    public bool Restartable { get; init; } = true;
    /// <summary>The end of an execution is published.</summary>
    public bool WorkflowStatusListenerEnabled { get; init; }
    /// <summary>Where to, beside the default.</summary>
    public string? WorkflowStatusListenerSink { get; init; }
    /// <summary>E-mail address of the owner.</summary>
    public string? OwnerEmail { get; init; }
    /// <summary>What happens after <see cref="TimeoutSeconds"/>.</summary>
    public WorkflowTimeoutPolicy TimeoutPolicy { get; init; } = WorkflowTimeoutPolicy.AlertOnly;
    /// <summary>Longest run time; 0 for none.</summary>
    public long TimeoutSeconds { get; init; }
    /// <summary>Initial variables.</summary>
    public IReadOnlyDictionary<string, JsonElement> Variables { get; init; } = JsonMaps.Empty;
    /// <summary>Defaults of the input.</summary>
    public IReadOnlyDictionary<string, JsonElement> InputTemplate { get; init; } = JsonMaps.Empty;
    /// <summary>Limit of concurrent executions.</summary>
    public JsonElement? RateLimitConfig { get; init; }
    /// <summary>Schema of the input.</summary>
    public JsonElement? InputSchema { get; init; }
    /// <summary>Schema of the output.</summary>
    public JsonElement? OutputSchema { get; init; }
    /// <summary>Inputs and outputs are checked against the schemas.</summary>
    public bool EnforceSchema { get; init; } = true;
    /// <summary>Free.</summary>
    public IReadOnlyDictionary<string, JsonElement> Metadata { get; init; } = JsonMaps.Empty;
    /// <summary>How results are reused.</summary>
    public JsonElement? CacheConfig { get; init; }
    /// <summary>Fields that are not shown.</summary>
    public IReadOnlyList<string> MaskedFields { get; init; } = [];
    /// <summary>
    /// Days after its end for which an execution stays in the database; the service's own period when null. Not Conductor's. The latest version decides
    /// for all executions of the name.
    /// </summary>
    public int? RetentionDays { get; init; }
}
