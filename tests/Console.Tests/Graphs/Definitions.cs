using System.Text.Json;
using Conductor.Console.Clients.Workflows;
using Conductor.Console.Graphs;
using Conductor.Console.Tests.StandIns;

namespace Conductor.Console.Tests.Graphs;

internal static class Definitions
{
    public static DefinitionView Order() => Read(OrderDefinition.Json().ToJsonString());

    public static DefinitionView Read(string json) => JsonSerializer.Deserialize<DefinitionView>(json, JsonSerializerOptions.Web)!;

    public static ExecutionView Execution(string status) =>
        JsonSerializer.Deserialize<ExecutionView>(
            OrderExecution.Json(WorkflowsStandIn.Failed, status, 1_795_256_874_240, "A-1", "why").ToJsonString(), JsonSerializerOptions.Web)!;

    public static Flow Place(DefinitionView definition) => LayeredLayout.Place(FlowBuilder.Build(definition));
}
