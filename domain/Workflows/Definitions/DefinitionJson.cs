using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Workflows.Definitions;

/// <summary>
/// Reads and writes definitions in Conductor's JSON. Unknown properties are ignored, nulls count as absent, scalars are converted as Jackson
/// converts them; malformed JSON and nulls in lists throw <see cref="JsonException"/>.
/// </summary>
public static class DefinitionJson
{
    private static readonly string WorkerType = new WorkflowTask().Type;

    /// <summary>Options for definitions; a web host may reuse them for its own bodies, which are read in the same way.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = JsonLimits.StoredDepth,
        Converters =
        {
            new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false),
            new LenientScalars.Int32(), new LenientScalars.Int64(), new LenientScalars.Boolean(), new LenientScalars.Text(),
        },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { AddOldNames, KeepDefaultsForNulls } },
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
            property.Set = (target, value) =>
            {
                if (value is null) return;
                if (HoldsNull(value)) throw new JsonException($"{property.Name} must not hold null.");
                set(target, value);
            };
        }
    }

    private static bool HoldsNull(object value) => value switch
    {
        string => false,
        IReadOnlyDictionary<string, IReadOnlyList<WorkflowTask>> cases => cases.Values.Any(tasks => tasks is null || HoldsNull(tasks)),
        IReadOnlyDictionary<string, string> texts => texts.Values.Any(text => text is null),
        IEnumerable<object?> entries => entries.Any(entry => entry is null || (entry is IEnumerable<object?> inner && HoldsNull(inner))),
        _ => false,
    };

    // Conductor's older name, which its C# client still sends alone for system tasks.
    private static void AddOldNames(JsonTypeInfo type)
    {
        if (type.Type != typeof(WorkflowTask)) return;
        var current = type.Properties.First(property => property.Name == "type");
        var old = type.CreateJsonPropertyInfo(typeof(string), "workflowTaskType");
        old.Set = (target, value) =>
        {
            if (value is not null && ((WorkflowTask)target).Type == WorkerType) current.Set!(target, value);
        };
        type.Properties.Add(old);
    }
}
