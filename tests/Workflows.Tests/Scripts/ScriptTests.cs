using System.Diagnostics;
using Conductor.Engines;

namespace Conductor.Workflows.Tests.Scripts;

/// <summary>Scripts of definitions in the running service.</summary>
[Integration]
public sealed class ScriptTests(WorkflowsServer server)
{
    [Theory]
    [InlineData("script_regex", "/^(a+)+$/.test('a'.repeat(38) + '!')", "The script took longer than 0.5 s")]
    [InlineData("script_join", "new Array(200000001).join('x')", "The script took longer than 0.5 s")]
    [InlineData("script_recursion", "var o = {}; o.toString = function () { return o + ''; }; o + ''", "The script recurses too deeply")]
    public async Task A_script_that_exceeds_a_limit_fails_its_execution_alone_while_others_go_on(string name, string script, string reason)
    {
        var client = await server.ClientAsync();
        await RegisterAsync(client, name, script);
        await RegisterAsync(client, name + "_beside", "$.v?.length > 1 ? `many` : ['one', 'none'].at($.v ? 0 : 1)");
        var watch = Stopwatch.StartNew();
        var hostile = Enumerable.Range(0, 6).Select(_ => client.StartAsync(name, new { })).ToList();
        (await client.TextAsync(HttpMethod.Get, "/health")).Status.ShouldBe(200);
        foreach (var id in await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => client.StartAsync(name + "_beside", new { v = "xy" }))))
            (await client.ExecutionAsync(id)).GetProperty("output").ToString().ShouldBe("""{"case":"many"}""");
        foreach (var id in await Task.WhenAll(hostile))
        {
            var execution = await client.ExecutionAsync(id);
            execution.GetProperty("status").GetString().ShouldBe("FAILED");
            execution.GetProperty("tasks")[0].GetProperty("reasonForIncompletion").GetString().ShouldBe(reason);
        }
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_script_with_a_mistake_is_refused_at_registration_with_line_and_column()
    {
        var client = await server.ClientAsync();
        var error = await client.JsonAsync(HttpMethod.Post, "/api/metadata/workflow", Definition("script_mistake", "let a = 1;\nlet b = ;"), 400);
        var found = error.GetProperty("validationErrors")[0];
        found.GetProperty("path").GetString().ShouldBe("registerWorkflowDef.arg0.tasks[s].expression");
        found.GetProperty("message").GetString().ShouldBe("SyntaxError: unexpected token in expression: ';' (line 2, column 9)");
        await client.JsonAsync(HttpMethod.Get, "/api/metadata/workflow/script_mistake", expect: 404);
        await client.JsonAsync(HttpMethod.Post, "/api/metadata/workflow/validate", Definition("script_mistake", new string('(', 20_000) + "1"), 400);
    }

    private static Task RegisterAsync(HttpClient client, string name, string script) =>
        client.JsonAsync(HttpMethod.Post, "/api/metadata/workflow", Definition(name, script));

    private static object Definition(string name, string script) => new
    {
        name, version = 1, schemaVersion = 2, ownerEmail = "t@example.com", timeoutSeconds = 0,
        tasks = new[]
        {
            new
            {
                name = "s", taskReferenceName = "s", type = "SWITCH", evaluatorType = "javascript", expression = script,
                inputParameters = new { v = "${workflow.input.v}" },
                decisionCases = new { none = new[] { new { name = "n", taskReferenceName = "n", type = "NOOP" } } },
            },
        },
        outputParameters = new Dictionary<string, string> { ["case"] = "${s.output.selectedCase}" },
    };
}
