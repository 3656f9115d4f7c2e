using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Polly.CircuitBreaker;

namespace Conductor.ServiceDefaults.Tests.Http;

public sealed class ResilientHttpClientTests
{
    [Theory]
    [InlineData("GET", 3, 200)]
    [InlineData("PUT", 3, 200)]
    [InlineData("DELETE", 3, 200)]
    [InlineData("POST", 1, 503)]
    [InlineData("PATCH", 1, 503)]
    public async Task Only_idempotent_methods_are_repeated(string method, int attempts, int status)
    {
        var bodies = new ConcurrentQueue<string>();
        await using var target = await TargetAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            bodies.Enqueue(await reader.ReadToEndAsync(context.RequestAborted));
            context.Response.StatusCode = bodies.Count < 3 ? 503 : 200;
        });
        await using var caller = await CallerAsync(target);
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://shop/orders");
        if (method is not ("GET" or "DELETE"))
            request.Content = new StreamContent(new MemoryStream("lamp"u8.ToArray())) { Headers = { { "Content-Type", "application/json" } } };

        using var response = await Client(caller).SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(status);
        bodies.Count.ShouldBe(attempts);
        if (request.Content is not null) bodies.ShouldAllBe(body => body == "lamp");
    }

    [Fact]
    public async Task What_the_caller_did_wrong_is_not_repeated()
    {
        var calls = 0;
        await using var target = await TargetAsync(context =>
        {
            calls++;
            context.Response.StatusCode = 422;
            return Task.CompletedTask;
        });
        await using var caller = await CallerAsync(target);
        using var response = await Client(caller).GetAsync("http://shop/orders", TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_host_that_keeps_failing_is_left_alone_for_a_while_and_others_are_not()
    {
        await using var target = await TargetAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/fine" ? 200 : 503;
            return Task.CompletedTask;
        });
        await using var caller = await CallerAsync(target);
        var client = Client(caller);
        for (var i = 0; i < 10; i++)
        {
            using var response = await client.PostAsync("http://shop/broken", null, TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }
        await Should.ThrowAsync<BrokenCircuitException>(() => client.PostAsync("http://shop/broken", null, TestContext.Current.CancellationToken));
        using var other = await client.GetAsync(target.App.Urls.First() + "/fine", TestContext.Current.CancellationToken);
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<TestService> TargetAsync(RequestDelegate answer) => TestService.StartAsync(map: app => app.Map("/{**path}", answer));

    private static Task<TestService> CallerAsync(TestService target) =>
        TestService.StartAsync(configuration: new() { ["services:shop:http:0"] = target.App.Urls.First() });

    private static HttpClient Client(TestService caller) => caller.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
}
