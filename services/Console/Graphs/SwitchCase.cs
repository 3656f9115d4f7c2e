using System.Text.Json;
using Conductor.Console.Clients.Workflows;

namespace Conductor.Console.Graphs;

/// <summary>Which case a SWITCH (<c>selectedCase</c>) or the older DECISION (<c>caseOutput</c>) took.</summary>
internal static class SwitchCase
{
    public static string? Selected(TaskExecution task)
    {
        if (task.OutputData.ValueKind != JsonValueKind.Object)
            return null;
        if (task.OutputData.TryGetProperty("selectedCase", out var selected))
            return selected.ToString();
        return task.OutputData.TryGetProperty("caseOutput", out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
            ? list[0].ToString()
            : null;
    }
}
