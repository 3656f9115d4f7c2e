using System.Text.Json;
using Conductor.Console.Clients.Workflows;
using Conductor.Console.Graphs;
using Conductor.Console.Tests.StandIns;

namespace Conductor.Console.Tests.Graphs;

internal static class Definitions
{
    public static WorkflowDefinition Order() => Read(OrderDefinition.Json().ToJsonString());

    public static WorkflowDefinition Read(string json) => JsonSerializer.Deserialize<WorkflowDefinition>(json, JsonSerializerOptions.Web)!;

    public static WorkflowExecution Execution(string status) =>
        JsonSerializer.Deserialize<WorkflowExecution>(OrderExecution.Json(WorkflowsStandIn.Failed, status, 1_795_256_874_240, "A-1", "why").ToJsonString(), JsonSerializerOptions.Web)!;

    public static Flow Place(WorkflowDefinition definition) => LayeredLayout.Place(FlowBuilder.Build(definition));
}
