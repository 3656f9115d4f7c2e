using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Conductor.ServiceDefaults.Tests.Errors;

public sealed class ProblemTests
{
    public sealed record Order(string Item, int Count);

    [Fact]
    public async Task An_unhandled_exception_is_a_problem_that_does_not_tell_the_exception()
    {
        var (status, problem) = await AskAsync(HttpMethod.Get, "/broken");
        status.ShouldBe(HttpStatusCode.InternalServerError);
        problem.GetProperty("status").GetInt32().ShouldBe(500);
        problem.GetProperty("instance").GetString().ShouldBe("/broken");
        problem.TryGetProperty("traceId", out _).ShouldBeTrue();
        problem.ToString().ShouldNotContain("secret");
    }

    [Fact]
    public async Task An_unknown_address_is_a_problem_that_names_it()
    {
        var (status, problem) = await AskAsync(HttpMethod.Get, "/nowhere");
        status.ShouldBe(HttpStatusCode.NotFound);
        problem.GetProperty("detail").GetString().ShouldBe("nothing at /nowhere");
    }

    [Fact]
    public async Task A_wrong_method_is_a_problem_that_names_it()
    {
        var (status, problem) = await AskAsync(HttpMethod.Put, "/orders");
        status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        problem.GetProperty("detail").GetString().ShouldBe("PUT is not allowed here");
    }

    [Fact]
    public async Task Bad_JSON_is_a_problem_that_says_where()
    {
        var (status, problem) = await AskAsync(HttpMethod.Post, "/orders", "{\n  \"item\": \"lamp\",\n  \"count\": \"many\"\n}");
        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("path").GetString().ShouldBe("$.count");
        problem.GetProperty("line").GetInt32().ShouldBe(3);
    }

    [Fact]
    public async Task A_missing_body_is_a_problem()
    {
        var (status, problem) = await AskAsync(HttpMethod.Post, "/orders", "");
        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("body");
    }

    [Fact]
    public async Task A_browser_gets_a_problem_too()
    {
        var (status, problem) = await AskAsync(HttpMethod.Get, "/nowhere", accept: "text/html");
        status.ShouldBe(HttpStatusCode.NotFound);
        problem.GetProperty("title").GetString().ShouldBe("Not Found");
    }

    private static async Task<(HttpStatusCode Status, JsonElement Problem)> AskAsync(
        HttpMethod method, string path, string? body = null, string accept = "application/json")
    {
        await using var service = await TestService.StartAsync(map: app =>
        {
            app.MapGet("/broken", string () => throw new InvalidOperationException("a secret"));
            app.MapPost("/orders", (Order order) => Results.Ok(order));
        });
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.ParseAdd(accept);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }
}
