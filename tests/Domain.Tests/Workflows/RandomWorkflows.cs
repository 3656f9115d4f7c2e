using System.Text.Json.Nodes;

namespace Conductor.Domain.Tests.Workflows;

/// <summary>Random definitions of the supported task types, valid by construction.</summary>
internal sealed class RandomWorkflows(Random random)
{
    private int _count;

    public string Definition()
    {
        var definition = new JsonObject { ["name"] = "random", ["tasks"] = Tasks(0, random.Next(1, 5)) };
        if (random.Next(2) == 0) definition["outputParameters"] = new JsonObject { ["o"] = "${workflow.variables.v}", ["last"] = $"${{t{_count}.output.r}}" };
        return definition.ToJsonString();
    }

    private JsonArray Tasks(int depth, int length)
    {
        var tasks = new JsonArray();
        for (var i = 0; i < length; i++)
        {
            var kind = random.Next(depth < 3 ? 10 : 6);
            if (kind == 9) AddFork(tasks, depth);
            else tasks.Add(kind switch { 6 or 7 or 8 => Switch(depth), 5 => SetVariable(), 4 => Wait(), _ => Simple() });
        }
        return tasks;
    }

    private JsonObject New(string type) => new() { ["name"] = "work", ["taskReferenceName"] = $"t{++_count}", ["type"] = type };

    private JsonObject Simple()
    {
        var task = New("SIMPLE");
        task["inputParameters"] = new JsonObject
        {
            ["in"] = "${workflow.input.x}", ["before"] = $"${{t{random.Next(1, _count + 1)}.output.r}}", ["text"] = $"v ${{workflow.variables.v}}",
        };
        task["retryCount"] = random.Next(3);
        if (random.Next(6) == 0) task["optional"] = true;
        else if (random.Next(6) == 0) task["permissive"] = true;
        return task;
    }

    private JsonObject SetVariable()
    {
        var task = New("SET_VARIABLE");
        task["inputParameters"] = new JsonObject { ["v"] = random.Next(100) };
        return task;
    }

    private JsonObject Wait()
    {
        var task = New("WAIT");
        if (random.Next(2) == 0) task["inputParameters"] = new JsonObject { ["duration"] = $"{random.Next(100)} s" };
        return task;
    }

    private JsonObject Switch(int depth)
    {
        var task = New("SWITCH");
        task["evaluatorType"] = "value-param";
        task["expression"] = "p";
        task["inputParameters"] = new JsonObject { ["p"] = random.Next(2) == 0 ? "a" : "${workflow.input.x}" };
        task["decisionCases"] = new JsonObject { ["a"] = Tasks(depth + 1, random.Next(3)), ["b"] = Tasks(depth + 1, random.Next(3)) };
        task["defaultCase"] = Tasks(depth + 1, random.Next(2));
        return task;
    }

    private void AddFork(JsonArray tasks, int depth)
    {
        var fork = New("FORK_JOIN");
        var branches = new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Tasks(depth + 1, random.Next(1, 4)))]);
        var join = New("JOIN");
        join["joinOn"] = new JsonArray([.. branches.Select(branch => (JsonNode)(string)branch![branch.AsArray().Count - 1]!["taskReferenceName"]!)]);
        fork["forkTasks"] = branches;
        tasks.Add(fork);
        tasks.Add(join);
    }
}
