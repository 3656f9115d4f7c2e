using System.Text.Json.Nodes;

namespace Conductor.Console.Tests.StandIns;

/// <summary>A definition with every shape that the graph draws: sequence, switch with an empty case, fork, join, loop, terminate, sub-workflow.</summary>
internal static class OrderDefinition
{
    public const string Name = "order_fulfilment";

    public static JsonObject Json(int version = 2) => new()
    {
        ["createTime"] = 0,
        ["updateTime"] = 1795256871693,
        ["name"] = Name,
        ["description"] = "Takes an order from payment to the parcel",
        ["version"] = version,
        ["tasks"] = new JsonArray(Tasks().ToArray<JsonNode?>()),
        ["inputParameters"] = new JsonArray("orderId", "method"),
        ["inputTemplate"] = new JsonObject { ["method"] = "card" },
        ["outputParameters"] = new JsonObject { ["parcel"] = "${ship.output.parcel}" },
        ["schemaVersion"] = 2,
        ["restartable"] = true,
        ["ownerEmail"] = "owner@example.com",
        ["timeoutPolicy"] = "ALERT_ONLY",
        ["timeoutSeconds"] = 3600,
    };

    private static IEnumerable<JsonObject> Tasks() =>
    [
        Task("validate", "SIMPLE", new() { ["inputParameters"] = new JsonObject { ["order"] = "${workflow.input.orderId}" } }),
        Task("by_method", "SWITCH", new()
        {
            ["evaluatorType"] = "value-param",
            ["expression"] = "method",
            ["decisionCases"] = new JsonObject { ["card"] = new JsonArray(Task("charge_card", "SIMPLE")), ["invoice"] = new JsonArray() },
            ["defaultCase"] = new JsonArray(Task("reject", "TERMINATE")),
        }),
        Task("prepare", "FORK_JOIN", new()
        {
            ["forkTasks"] = new JsonArray(
                new JsonArray(Task("reserve_stock", "SIMPLE")),
                new JsonArray(Task("book_shipping", "SIMPLE"), Task("print_label", "SIMPLE")),
                new JsonArray(Task("survey", "SIMPLE"))),
        }),
        Task("prepared", "JOIN", new() { ["joinOn"] = new JsonArray("reserve_stock", "print_label") }),
        Task("remind", "DO_WHILE", new() { ["loopOver"] = new JsonArray(Task("notify", "SIMPLE")), ["loopCondition"] = "$.remind.iteration < 2" }),
        Task("ship", "SUB_WORKFLOW"),
    ];

    private static JsonObject Task(string reference, string type, JsonObject? more = null)
    {
        var task = new JsonObject
        {
            ["name"] = type == "SIMPLE" ? $"{reference}_worker" : reference,
            ["taskReferenceName"] = reference,
            ["inputParameters"] = new JsonObject(),
            ["type"] = type,
            ["decisionCases"] = new JsonObject(),
            ["defaultCase"] = new JsonArray(),
            ["forkTasks"] = new JsonArray(),
            ["startDelay"] = 0,
            ["joinOn"] = new JsonArray(),
            ["optional"] = false,
            ["loopOver"] = new JsonArray(),
            ["permissive"] = false,
        };
        foreach (var (name, value) in more ?? [])
            task[name] = value?.DeepClone();
        return task;
    }
}
