using System.Net;
using System.Text;
using System.Text.Json;
using Conductor.Engines;

namespace Conductor.Workflows.Tests.Answers;

/// <summary>What a client sends wrong is answered with 400 or the like, in one shape, naming the field; nothing changes.</summary>
[Integration]
public sealed class BadInputTests(WorkflowsServer server)
{
    private static readonly string Long = new('x', 5000);

    [Theory]
    [InlineData("POST", "/api/workflow", """{"name":"n","version":"x"}""", "version")]
    [InlineData("POST", "/api/workflow", """{"name":"n","version":1e99}""", "version")]
    [InlineData("POST", "/api/workflow", """{"name":"n","priority":100}""", "priority")]
    [InlineData("POST", "/api/workflow", """{"name":"n\u0000"}""", "name")]
    [InlineData("POST", "/api/workflow", """{"name":"n","correlationId":"\ud800"}""", "correlationId")]
    [InlineData("POST", "/api/workflow", """{"name":"n","input":{"a":[1e400]}}""", "input.a[0]")]
    [InlineData("POST", "/api/workflow", """{"name":"n","input":[1]}""", "input")]
    [InlineData("POST", "/api/workflow", """{"name":"n","taskToDomain":{"a":null}}""", "taskToDomain")]
    [InlineData("POST", "/api/workflow/n?version=x", "{}", "version")]
    [InlineData("POST", "/api/workflow/n?correlationId=a%00b", "{}", "correlationId")]
    [InlineData("GET", "/api/workflow/search?query=a%00b", null, "query")]
    [InlineData("GET", "/api/workflow/search?start=99999999999", null, "start")]
    [InlineData("GET", "/api/workflow/search?query=startTime%3E9223372036854775807", null, "startTime")]
    [InlineData("GET", "/api/workflow/search?query=version%3D99999999999", null, "version")]
    [InlineData("GET", "/api/workflow/running/n?startTime=9223372036854775807", null, "startTime")]
    [InlineData("GET", "/api/tasks/poll/t?workerid=a%00b", null, "workerid")]
    [InlineData("GET", "/api/tasks/poll/batch/t?count=x", null, "count")]
    [InlineData("PUT", "/api/workflow/bulk/pause", "[null,5]", "entry 0")]
    [InlineData("PUT", "/api/workflow/bulk/pause", "[1]", "entry 0")]
    [InlineData("POST", "/api/workflow/n/correlated", "[1]", "entry 0")]
    [InlineData("POST", "/api/metadata/taskdefs", "[null]", "entry 0")]
    [InlineData("POST", "/api/metadata/taskdefs", """[{"name":"a/b"}]""", "name")]
    [InlineData("POST", "/api/metadata/workflow", """{"name":"n","tasks":[null]}""", "tasks")]
    [InlineData("POST", "/api/metadata/workflow",
        """{"name":"n","tasks":[{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"until":"soon"}}]}""", "parse date soon")]
    [InlineData("POST", "/api/tasks", """{"taskId":"t","workflowInstanceId":"w","status":"NONSENSE"}""", null)]
    public async Task A_bad_value_is_told_with_its_field(string method, string path, string? body, string? field)
    {
        var client = await server.ClientAsync();
        var error = await client.JsonAsync(HttpMethod.Parse(method), path, body, field is null ? 404 : 400);
        error.GetProperty("status").GetInt32().ShouldBe(field is null ? 404 : 400);
        error.ToString().ShouldContain(field ?? "No such task found by id: t", Case.Insensitive);
    }

    [Theory]
    [InlineData("GET", "/api/tasks/poll/{0}", "type")]
    [InlineData("GET", "/api/tasks/poll/t?domain={0}", "domain")]
    [InlineData("GET", "/api/tasks/poll/batch/t?workerid={0}", "workerid")]
    [InlineData("POST", "/api/workflow/n?correlationId={0}", "correlationId")]
    public async Task A_text_that_no_index_holds_is_refused_with_its_limit(string method, string path, string field)
    {
        var client = await server.ClientAsync();
        var error = await client.JsonAsync(HttpMethod.Parse(method), string.Format(null, path, Long), method == "GET" ? null : "{}", 400);
        error.GetProperty("validationErrors")[0].GetProperty("message").GetString().ShouldNotBeNull().ShouldStartWith(
            $"{field} is 5000 characters long; at most ");
    }

    [Theory]
    [InlineData("GET", "/api/nonsense/no.such.file", 404, "No static resource api/nonsense/no.such.file.")]
    [InlineData("PATCH", "/api/workflow", 405, "Request method 'PATCH' is not supported")]
    [InlineData("DELETE", "/api/tasks/poll/t", 405, "Request method 'DELETE' is not supported")]
    [InlineData("POST", "/api/workflow/test", 501, "Testing a workflow with mocked tasks is not supported by this server; "
        + "POST /api/workflow starts a definition named test.")]
    public async Task What_is_not_there_is_told_in_Conductors_shape(string method, string path, int status, string message)
    {
        var client = await server.ClientAsync();
        var error = await client.JsonAsync(HttpMethod.Parse(method), path, method == "GET" ? null : "{}", status);
        (error.GetProperty("status").GetInt32(), error.GetProperty("message").GetString()).ShouldBe((status, message));
    }

    [Fact]
    public async Task A_body_beyond_ten_megabytes_is_413_and_one_below_is_taken()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("bad_large", "bad_large_a");
        var id = await client.StartAsync("bad_large", new { v = 1, large = new string('x', 9_000_000) });
        var page = await client.TextAsync(HttpMethod.Get, "/api/workflow/search?query=" + Uri.EscapeDataString("workflowType=bad_large"));
        page.Text.ShouldContain(id);
        page.Text.Length.ShouldBeLessThan(10_000, "a search hit shows the beginning of a long input");
        var error = await client.JsonAsync(HttpMethod.Post, "/api/workflow/bad_large", $$"""{"large":"{{new string('x', 11_000_000)}}"}""", 413);
        error.GetProperty("status").GetInt32().ShouldBe(413);
    }

    [Fact]
    public async Task Nine_hundred_levels_pass_through_an_execution_and_more_than_a_thousand_are_refused()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("bad_deep", "bad_deep_a", "bad_deep_b");
        await client.JsonAsync(HttpMethod.Post, "/api/workflow/bad_deep", Nested(1001), 400);
        var (status, id) = await client.TextAsync(HttpMethod.Post, "/api/workflow/bad_deep", Nested(900));
        status.ShouldBe(200, id);
        foreach (var type in new[] { "bad_deep_a", "bad_deep_b" })
        {
            var (_, polled) = await client.TextAsync(HttpMethod.Get, $"/api/tasks/poll/{type}?workerid=w");
            var task = JsonElement.Parse(polled, new JsonDocumentOptions { MaxDepth = 2000 });
            (await client.TextAsync(HttpMethod.Post, "/api/tasks",
                $$"""{"taskId":"{{task.GetProperty("taskId")}}","workflowInstanceId":"{{id}}","status":"COMPLETED","outputData":{{Nested(900)}}}"""))
                .Status.ShouldBe(200);
        }
        (await client.TextAsync(HttpMethod.Get, $"/api/workflow/{id}")).Text.ShouldContain("\"status\":\"COMPLETED\"");
        (await client.TextAsync(HttpMethod.Get, "/api/workflow/search?query=workflowType%3Dbad_deep")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("SET_VARIABLE", "", "")]
    [InlineData("TERMINATE", "\"terminationStatus\":\"COMPLETED\",\"workflowOutput\":{\"w\":\"${workflow.input}\"},", "")]
    [InlineData("NOOP", "", "")]
    [InlineData("SWITCH", "", "\"evaluatorType\":\"javascript\",\"expression\":\"$.deep.v ? 'a' : 'b'\",\"decisionCases\":{\"a\":[]},")]
    public async Task Nine_hundred_levels_pass_through_a_system_task(string type, string input, string more)
    {
        var client = await server.ClientAsync();
        var name = $"bad_deep_{type.ToLowerInvariant()}";
        await client.JsonAsync(HttpMethod.Put, "/api/metadata/workflow", $$$"""
            [{"name":"{{{name}}}","version":1,"schemaVersion":2,"ownerEmail":"t@example.com","timeoutSeconds":0,"tasks":[{"name":"d","taskReferenceName":"d",
            "type":"{{{type}}}",{{{more}}}"inputParameters":{ {{{input}}}"deep":"${workflow.input}"}}]}]
            """);
        var (status, id) = await client.TextAsync(HttpMethod.Post, $"/api/workflow/{name}", Nested(900));
        status.ShouldBe(200, id);
        var (_, shown) = await client.TextAsync(HttpMethod.Get, $"/api/workflow/{id}?includeTasks=false");
        var execution = JsonElement.Parse(shown, new JsonDocumentOptions { MaxDepth = 2000 });
        execution.GetProperty("status").GetString().ShouldBe("COMPLETED");
    }

    [Fact]
    public async Task A_message_is_written_as_it_reads_and_answers_are_compressed_for_who_asks()
    {
        var client = await server.ClientAsync();
        (await client.TextAsync(HttpMethod.Get, "/api/metadata/taskdefs/it's<é>")).Text.ShouldContain("No such taskType found by name: it's<é>");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/metadata/taskdefs") { Headers = { { "Accept-Encoding", "br" } } };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        response.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Fact]
    public async Task Raw_bytes_that_are_no_UTF8_are_refused()
    {
        var client = await server.ClientAsync();
        using var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes("{\"name\":\""), 0xC3, 0x28, .. Encoding.UTF8.GetBytes("\"}")]);
        content.Headers.ContentType = new("application/json");
        using var response = await client.PostAsync("/api/workflow", content, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("not valid UTF-8");
    }

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("""{"v":""", depth)) + "1" + new string('}', depth);
}
