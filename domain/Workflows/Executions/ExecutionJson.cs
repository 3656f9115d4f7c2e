using System.Text.Json;
using System.Text.Json.Serialization;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Workflows.Executions;

/// <summary>JSON form of <see cref="WorkflowInstance"/>, <see cref="TaskRecord"/> and the events in the store.</summary>
public static class ExecutionJson
{
    /// <summary>camelCase, statuses by Conductor's names, nulls left out.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = JsonLimits.StoredDepth,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };
}
