using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Conductor.Worker.Client;

namespace Conductor.Worker.Tests.Client;

public sealed class ConductorClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly Answering _server = new();

    [Fact]
    public async Task Starting_sends_the_request_and_returns_the_id()
    {
        _server.Answer = (HttpStatusCode.OK, "text/plain", "abc");
        var id = await Client().StartAsync(new StartRequest { Name = "checkout", Input = new { OrderId = 5 }, CorrelationId = "c" }, Stop);
        id.ShouldBe("abc");
        _server.Requests.ShouldBe(["""POST /api/workflow {"name":"checkout","correlationId":"c","input":{"orderId":5},"priority":0}"""]);
    }

    [Fact]
    public async Task An_execution_is_read_with_its_tasks()
    {
        _server.Answer = (HttpStatusCode.OK, "application/json",
            """{"workflowId":"abc","workflowName":"checkout","status":"COMPLETED","output":{"a":1},"tasks":[{"taskType":"x"}],"new":1}""");
        var execution = await Client().GetAsync("abc", cancellationToken: Stop);
        execution.IsEnded.ShouldBeTrue();
        execution.Output.GetProperty("a").GetInt32().ShouldBe(1);
        execution.Tasks.Count.ShouldBe(1);
        _server.Requests.ShouldBe(["GET /api/workflow/abc?includeTasks=true "]);
    }

    [Fact]
    public async Task The_other_commands_go_where_Conductor_has_them()
    {
        var client = Client();
        await client.PauseAsync("a", Stop);
        await client.ResumeAsync("a", Stop);
        await client.TerminateAsync("a", "no lamp & no shade", Stop);
        await client.RegisterWorkflowsAsync("[]", Stop);
        await client.RegisterTasksAsync("[1]", Stop);
        _server.Requests.ShouldBe(
        [
            "PUT /api/workflow/a/pause ", "PUT /api/workflow/a/resume ", "DELETE /api/workflow/a?reason=no%20lamp%20%26%20no%20shade ",
            "PUT /api/metadata/workflow []", "POST /api/metadata/taskdefs [1]",
        ]);
    }

    [Theory]
    [InlineData("""{"status":404,"message":"No such workflow"}""", "GET /api/workflow/a: 404 No such workflow")]
    [InlineData("""{"title":"Not Found","detail":"nothing here"}""", "GET /api/workflow/a: 404 nothing here")]
    [InlineData("<html>", "GET /api/workflow/a: 404 <html>")]
    public async Task An_error_tells_what_the_server_said(string body, string message)
    {
        _server.Answer = (HttpStatusCode.NotFound, "application/json", body);
        var error = await Should.ThrowAsync<ConductorServerException>(() => Client().GetAsync("a", cancellationToken: Stop));
        error.Message.ShouldBe(message);
        (error.Status, error.IsTransient).ShouldBe((HttpStatusCode.NotFound, false));
    }

    private ConductorClient Client() => new(new HttpClient(_server) { BaseAddress = new Uri("http://conductor.test/api/") });

    private sealed class Answering : HttpMessageHandler
    {
        public (HttpStatusCode Status, string Type, string Body) Answer { get; set; } = (HttpStatusCode.OK, "text/plain", "");

        public ConcurrentQueue<string> Requests { get; } = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            Requests.Enqueue($"{request.Method} {request.RequestUri!.PathAndQuery} {body}");
            return new HttpResponseMessage(Answer.Status) { RequestMessage = request, Content = new StringContent(Answer.Body, Encoding.UTF8, Answer.Type) };
        }
    }
}
