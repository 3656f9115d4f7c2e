using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

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

    [Fact]
    public async Task While_a_server_is_out_of_reach_requests_that_need_it_are_503_and_say_when_to_come_again()
    {
        const string Nobody = "Host=127.0.0.1;Port=1;Timeout=1";
        await using var service = await TestService.StartAsync(
            builder => builder.AddPostgresHealth("orders"),
            app => app.MapGet("/orders", async () =>
            {
                await using var connection = new Npgsql.NpgsqlConnection(Nobody);
                await connection.OpenAsync();
            }),
            new() { ["ConnectionStrings:orders"] = Nobody });
        using var response = await service.Client.GetAsync("/orders", TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("/orders?a=%00")]
    [InlineData("/orders?%00=a")]
    public async Task NUL_in_a_query_is_refused_before_anything_sees_it(string path)
    {
        var (status, problem) = await AskAsync(HttpMethod.Post, path, "{}");
        status.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("NUL");
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_413()
    {
        var (status, problem) = await AskAsync(HttpMethod.Post, "/orders", $$"""{"item":"{{new string('x', 11_000_000)}}"}""");
        status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        problem.GetProperty("status").GetInt32().ShouldBe(413);
    }

    [Fact]
    public async Task What_is_told_is_written_as_it_reads()
    {
        var (_, problem) = await AskAsync(HttpMethod.Get, "/it's");
        problem.GetRawText().ShouldContain("nothing at /it's");
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
        // Else the answer to a body that is too large could come while it is still being sent.
        request.Headers.ExpectContinue = body is { Length: > 1_000_000 };
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }
}
