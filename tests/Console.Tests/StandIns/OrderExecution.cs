using System.Text.Json.Nodes;

namespace Conductor.Console.Tests.StandIns;

/// <summary>An execution of <see cref="OrderDefinition"/>, as <c>GET /api/workflow/{id}</c> answers it.</summary>
internal static class OrderExecution
{
    public static JsonObject Json(string id, string status, long start, string correlationId, string? reason = null)
    {
        var ended = status is not ("RUNNING" or "PAUSED");
        return new()
        {
            ["ownerApp"] = "",
            ["createTime"] = start,
            ["updateTime"] = start + 42_000,
            ["status"] = status,
            ["endTime"] = ended ? start + 42_000 : 0,
            ["workflowId"] = id,
            ["tasks"] = new JsonArray(Tasks(id, status, start, reason).ToArray<JsonNode?>()),
            ["input"] = new JsonObject { ["orderId"] = correlationId, ["method"] = "card", ["note"] = "<b>fragile</b> & “dear”" },
            ["output"] = status == "COMPLETED" ? new JsonObject { ["parcel"] = "P-1" } : new JsonObject(),
            ["correlationId"] = correlationId,
            ["reasonForIncompletion"] = reason,
            ["priority"] = 3,
            ["variables"] = new JsonObject { ["attempts"] = 2 },
            ["startTime"] = start,
            ["workflowName"] = OrderDefinition.Name,
            ["workflowVersion"] = 2,
            ["workflowDefinition"] = OrderDefinition.Json(),
        };
    }

    private static IEnumerable<JsonObject> Tasks(string id, string status, long start, string? reason)
    {
        var seq = 0;
        JsonObject Task(string reference, string type, string state, long after, long wait, long took, int retry = 0, int iteration = 0,
            JsonObject? output = null, string? why = null) => new()
        {
            ["taskType"] = type == "SIMPLE" ? $"{reference}_worker" : type,
            ["status"] = state,
            ["inputData"] = new JsonObject { ["order"] = "A-1" },
            ["referenceTaskName"] = reference,
            ["retryCount"] = retry,
            ["seq"] = ++seq,
            ["pollCount"] = 1,
            ["scheduledTime"] = start + after,
            ["startTime"] = state == "SCHEDULED" ? 0 : start + after + wait,
            ["endTime"] = state is "SCHEDULED" or "IN_PROGRESS" ? 0 : start + after + wait + took,
            ["retried"] = false,
            ["taskId"] = $"{id[..8]}-0000-4000-8000-{seq:000000000000}",
            ["workflowInstanceId"] = id,
            ["reasonForIncompletion"] = why,
            ["workerId"] = type == "SIMPLE" ? "worker-1" : null,
            ["iteration"] = iteration,
            ["outputData"] = output ?? new JsonObject { ["ok"] = true },
        };
        yield return Task("validate", "SIMPLE", "COMPLETED", 5, 900, 2400);
        yield return Task("by_method", "SWITCH", "COMPLETED", 3310, 0, 4,
            output: new() { ["evaluationResult"] = new JsonArray("card"), ["selectedCase"] = "card" });
        yield return Task("charge_card", "SIMPLE", "COMPLETED", 3320, 1500, 6000);
        yield return Task("prepare", "FORK", "COMPLETED", 10_830, 0, 1);
        yield return Task("reserve_stock", "SIMPLE", "FAILED", 10_840, 700, 5000, why: "stock service timed out");
        yield return Task("book_shipping", "SIMPLE", "COMPLETED", 10_840, 2500, 4200);
        var last = status switch
        {
            "FAILED" or "TIMED_OUT" => status,
            "RUNNING" or "PAUSED" => "IN_PROGRESS",
            "TERMINATED" => "CANCELED",
            _ => "COMPLETED",
        };
        yield return Task("reserve_stock", "SIMPLE", last, 18_000, 1000, 15_000, retry: 1, why: last == "COMPLETED" ? null : reason);
        yield return Task("print_label", "SIMPLE", status == "RUNNING" ? "SCHEDULED" : "COMPLETED", 17_600, 900, 3000);
        var join = last switch { "COMPLETED" => "COMPLETED", "FAILED" or "TIMED_OUT" => "FAILED", _ => "IN_PROGRESS" };
        yield return Task("prepared", "JOIN", join, 10_850, 0, 23_500);
        if (status != "COMPLETED")
            yield break;
        yield return Task("remind", "DO_WHILE", "COMPLETED", 34_400, 0, 3500, iteration: 2);
        yield return Task("notify__1", "SIMPLE", "COMPLETED", 34_410, 300, 1200, iteration: 1);
        yield return Task("notify__2", "SIMPLE", "COMPLETED", 36_000, 300, 1200, iteration: 2);
        yield return Task("ship", "SUB_WORKFLOW", "COMPLETED", 37_900, 10, 4000);
    }
}
