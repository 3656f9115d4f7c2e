using System.Text.Json.Serialization;

namespace Conductor.Worker.Client;

/// <summary>Starts one execution (Conductor's StartWorkflowRequest).</summary>
public sealed record StartRequest
{
    /// <summary>Name of the definition.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the definition; the latest when null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Version { get; init; }

    /// <summary>The caller's own key for related executions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CorrelationId { get; init; }

    /// <summary>Anything that becomes a JSON object.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Input { get; init; }

    /// <summary>0 to 99; tasks of a higher priority are handed out first.</summary>
    public int Priority { get; init; }

    /// <summary>Worker domain by task type; <c>*</c> stands for every type.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? TaskToDomain { get; init; }
}
