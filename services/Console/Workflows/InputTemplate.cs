using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Conductor.Console.Clients.Workflows;

namespace Conductor.Console.Workflows;

/// <summary>An input to begin with: the names that the definition declares, with the values of its input template.</summary>
internal static class InputTemplate
{
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<string> GetAsync(WorkflowsClient workflows, string name, int? version, CancellationToken ct) =>
        (await workflows.GetDefinitionAsync(name, version, ct)).Value is { } definition ? Of(definition) : "{}";

    public static string Of(DefinitionView definition)
    {
        var input = new JsonObject();
        foreach (var name in definition.InputParameters.Where(name => name.ValueKind == JsonValueKind.String))
            input[name.GetString()!] = "";
        if (definition.InputTemplate.ValueKind == JsonValueKind.Object)
        {
            foreach (var given in definition.InputTemplate.EnumerateObject())
                input[given.Name] = JsonNode.Parse(given.Value.GetRawText());
        }
        return input.ToJsonString(Pretty);
    }
}
