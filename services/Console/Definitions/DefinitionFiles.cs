using Conductor.Console.Clients;
using Conductor.Console.Clients.Workflows;
using Conductor.Console.Forms;
using Conductor.Console.Graphs;

namespace Conductor.Console.Definitions;

/// <summary>A definition as text: its JSON, and its graph in Mermaid.</summary>
internal static class DefinitionFiles
{
    public static void MapDefinitionFiles(this IEndpointRouteBuilder app)
    {
        app.MapGet("/definitions/{name}/{version:int}/definition.json", async (string name, int version, WorkflowsClient workflows, CancellationToken ct) =>
            Files.Answer(await workflows.GetDefinitionJsonAsync(name, version, ct), "application/json"));
        app.MapGet("/definitions/{name}/{version:int}/graph.mmd", async (string name, int version, WorkflowsClient workflows, CancellationToken ct) =>
            Files.Answer(Mermaid(await workflows.GetDefinitionAsync(name, version, ct)), "text/plain"));
    }

    private static Fetched<string> Mermaid(Fetched<DefinitionView> found) =>
        found.Has(out var definition, out var failure)
            ? new(FlowText.Mermaid(FlowBuilder.Build(definition), new Dictionary<string, NodeState>(StringComparer.Ordinal)), Failure: null)
            : new(Value: null, failure);
}
