using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Conductor.Engines;

namespace Conductor.Pipelines.Tests.Service;

[Integration]
public sealed class LifecycleTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    [Fact]
    public async Task A_pipeline_is_registered_started_stopped_started_again_and_deleted()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var (name, yaml) = Filter(service);
        Packets.Generate(Path.Combine(service.Data, "in"), 20);
        (await service.RegisterAsync(yaml)).StatusCode.ShouldBe(HttpStatusCode.Created);
        ((string?)(await service.FindAsync(name))["state"]).ShouldBe("Validated");
        (await service.RegisterAsync(yaml)).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        await service.OrderAsync(name, "start");
        await service.StateAsync(name, "Running");
        await service.ReadAsync(name, "copy", 20);
        (await service.RegisterAsync(yaml, "?overwrite=true")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await service.Http.DeleteAsync($"/api/pipelines/{name}", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        await service.OrderAsync(name, "stop");
        await service.StateAsync(name, "Stopped");
        Packets.Candids(Path.Combine(service.Data, "out")).Count.ShouldBe(20, "what was read was written before it stopped");
        Packets.Generate(Path.Combine(service.Data, "in"), 5, first: 20);

        await service.OrderAsync(name, "start");
        await service.ReadAsync(name, "copy", 25);
        ((long)(await service.FindAsync(name))["epoch"]!).ShouldBe(2);
        await service.OrderAsync(name, "stop");
        await service.StateAsync(name, "Stopped");
        Packets.Candids(Path.Combine(service.Data, "out")).Distinct().Count().ShouldBe(25);

        (await service.RegisterAsync(yaml, "?overwrite=true")).StatusCode.ShouldBe(HttpStatusCode.Created);
        ((string?)(await service.FindAsync(name))["state"]).ShouldBe("Validated");
        (await service.Http.DeleteAsync($"/api/pipelines/{name}", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await service.Http.GetAsync($"/api/pipelines/{name}", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_pipeline_that_cannot_be_provisioned_fails_with_the_reason()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var (name, yaml) = Filter(service);
        (await service.RegisterAsync(yaml)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await service.OrderAsync(name, "start");
        await service.StateAsync(name, "Failed");
        ((string?)(await service.FindAsync(name))["lastError"]).ShouldBe($"there is no folder '{Path.Combine(service.Data, "in")}'");
    }

    [Fact]
    public async Task One_name_that_is_registered_by_many_at_once_is_registered_and_whoever_comes_late_is_told_so()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var (name, yaml) = Filter(service);
        for (var round = 0; round < 5; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => service.RegisterAsync(yaml, i % 2 == 0 ? "?overwrite=true" : "")));
            answers.Select(a => a.StatusCode).Distinct().ShouldBeSubsetOf([HttpStatusCode.Created, HttpStatusCode.Conflict]);
            answers.ShouldContain(a => a.StatusCode == HttpStatusCode.Created);
            await service.Http.DeleteAsync($"/api/pipelines/{name}", TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Errors_are_problems_with_places_and_lists_have_pages()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var token = TestContext.Current.CancellationToken;
        var bad = await service.RegisterAsync("name: x\ncomponents:\n  a:\n    type: processing-node\n    sauce: { topic: b }\n", "?file=x.yaml");
        bad.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        bad.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var errors = (await bad.Content.ReadFromJsonAsync<JsonNode>(token))!["errors"]!.AsArray();
        var sauce = errors.Single(e => (string?)e!["path"] == "components.a.sauce")!;
        ((int)sauce["line"]!, (int)sauce["column"]!, (string?)sauce["file"]).ShouldBe((5, 5, "x.yaml"));

        await FoldersElsewhereAreRefusedAsync(service);
        var json = """{"name":"j","components":{"b":{"type":"stream-buffer","topics":{"TOPIC":{}}}}}""".Replace("TOPIC", service.Id, StringComparison.Ordinal);
        (await service.Http.PostAsync("/api/pipelines", new StringContent(json, Encoding.UTF8, "application/json"), token))
            .StatusCode.ShouldBe(HttpStatusCode.Created);
        for (var i = 0; i < 3; i++)
            (await service.RegisterAsync(
                $"name: p{i}\ncomponents:\n  b:\n    type: stream-buffer\n    topics: {{ {service.Id}: {{}} }}\n")).StatusCode.ShouldBe(HttpStatusCode.Created);
        var page = (await service.Http.GetFromJsonAsync<JsonNode>("/api/pipelines?state=Validated&name=p&offset=1&limit=1", token))!;
        ((int)page["total"]!).ShouldBe(3);
        page["items"]!.AsArray().Select(i => (string?)i!["name"]).ShouldBe(["p1"]);
        (await service.Http.GetAsync("/api/pipelines?limit=0", token)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await service.Http.GetAsync("/api/pipelines?state=Sleeping", token)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await service.Http.PostAsync("/api/pipelines/nobody/start", content: null, token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await service.Http.GetAsync("/openapi/v1.json", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task FoldersElsewhereAreRefusedAsync(PipelineService service)
    {
        var token = TestContext.Current.CancellationToken;
        Directory.CreateSymbolicLink(Path.Combine(service.Data, "link"), "/etc");
        foreach (var (source, sink) in new[] { ("/etc", "out"), ("in", "/tmp"), ("in/../..", "out"), ("link", "out"), ("in", "sources/x") })
        {
            var yaml = $$"""
                name: a
                components:
                  read:
                    type: processing-node
                    source: { folder: {{source}} }
                    sinks: { files: { folder: {{sink}} } }
                """;
            foreach (var place in new[] { "/api/pipelines", "/api/pipelines/validate" })
            {
                var answer = await service.Http.PostAsync(place, new StringContent(yaml, Encoding.UTF8, "application/yaml"), token);
                answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
                var error = (await answer.Content.ReadFromJsonAsync<JsonNode>(token))!["errors"]!.AsArray().ShouldHaveSingleItem();
                ((int)error!["line"]!, (string?)error["path"])
                    .ShouldBe(sink == "out" ? (5, "components.read.source.folder") : (6, "components.read.sinks.files.folder"));
            }
        }
    }

    private static (string Name, string Yaml) Filter(PipelineService service) => ($"{service.Id}", $"""
        name: {service.Id}
        components:
          copy:
            type: processing-node
            source: {"{ folder: in }"}
            sinks: {"{ files: { folder: out } }"}
            checkpoint: {"{ every: 300ms }"}
        """);
}
