using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Conductor.Domain.Workflows.Definitions;

/// <summary>
/// Reads and writes definitions in Conductor's JSON. Unknown properties are ignored, nulls count as absent; malformed JSON throws
/// <see cref="JsonException"/>.
/// </summary>
public static class DefinitionJson
{
    /// <summary>Options for definitions; a web host may reuse them for bodies that embed definitions.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(), new LenientNumbers.Int32(), new LenientNumbers.Int64(), new LenientNumbers.Boolean() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { KeepDefaultsForNulls } },
    };

    /// <summary>Reads a workflow definition.</summary>
    public static WorkflowDefinition ReadWorkflow(JsonElement json) => json.Deserialize<WorkflowDefinition>(Options) ?? new();

    /// <summary>Reads a task definition.</summary>
    public static TaskDefinition ReadTask(JsonElement json) => json.Deserialize<TaskDefinition>(Options) ?? new();

    /// <summary>Writes a workflow definition with its defaults filled in.</summary>
    public static JsonElement Write(WorkflowDefinition definition) => JsonSerializer.SerializeToElement(definition, Options);

    /// <summary>Writes a task of a definition with its defaults filled in.</summary>
    public static JsonElement Write(WorkflowTask task) => JsonSerializer.SerializeToElement(task, Options);

    /// <summary>Writes a task definition with its defaults filled in.</summary>
    public static JsonElement Write(TaskDefinition definition) => JsonSerializer.SerializeToElement(definition, Options);

    private static void KeepDefaultsForNulls(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.Set is not { } set || Nullable.GetUnderlyingType(property.PropertyType) is not null) continue;
            property.Set = (target, value) => { if (value is not null) set(target, value); };
        }
    }
}
