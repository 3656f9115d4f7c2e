using System.Globalization;
using System.Text.Json;
using Conductor.Console.Clients.Workflows;

namespace Conductor.Console.Workflows;

/// <summary>What was typed to start a workflow.</summary>
public sealed record StartForm
{
    public string? Name { get; set; }
    public int? Version { get; set; }
    public int? Priority { get; set; }
    public string? CorrelationId { get; set; }
    public string? Input { get; set; }

    /// <summary>The request, or why there is none.</summary>
    internal (StartBody? Request, string Complaint) Read()
    {
        if (string.IsNullOrWhiteSpace(Name))
            return (null, "Which workflow is to be started? The name of its definition is missing.");
        try
        {
            var input = JsonSerializer.Deserialize<JsonElement>(string.IsNullOrWhiteSpace(Input) ? "{}" : Input);
            return input.ValueKind == JsonValueKind.Object
                ? (new(Name.Trim(), Version, string.IsNullOrWhiteSpace(CorrelationId) ? null : CorrelationId.Trim(), Priority ?? 0, input), "")
                : (null, "The input must be a JSON object: { … }.");
        }
        catch (JsonException e)
        {
            var line = (e.LineNumber + 1)?.ToString(CultureInfo.InvariantCulture);
            return (null, $"The input is not JSON, in line {line}: {e.Message.Split(" LineNumber:")[0]}");
        }
    }
}
