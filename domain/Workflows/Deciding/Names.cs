using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>How Conductor's messages name an execution.</summary>
internal static class Names
{
    public static string Short(WorkflowInstance state) => $"{state.Name}.{state.Version}/{state.WorkflowId}";

    public static string Full(WorkflowInstance state) => $"{Short(state)}.{state.Status.Name()}";
}
