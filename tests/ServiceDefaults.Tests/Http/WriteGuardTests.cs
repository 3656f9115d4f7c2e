using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Conductor.ServiceDefaults.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.ServiceDefaults.Tests.Http;

public sealed class WriteGuardTests
{
    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("null")]
    public async Task A_page_of_another_site_may_not_write(string origin)
    {
        var (status, detail) = await WriteAsync("application/json", origin: origin);
        status.ShouldBe(HttpStatusCode.Forbidden);
        detail.ShouldContain(origin);
    }

    [Fact]
    public async Task A_page_of_the_service_itself_may_write() =>
        (await WriteAsync("application/json", origin: "own")).Status.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task A_page_whose_origin_is_configured_may_write() =>
        (await WriteAsync("application/json", "https://tools.example", new() { ["AllowedOrigins"] = "https://a.example; https://tools.example" }))
        .Status.ShouldBe(HttpStatusCode.OK);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("")]
    public async Task A_body_of_a_type_that_any_page_may_send_is_refused(string type)
    {
        var (status, detail) = await WriteAsync(type);
        status.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        detail.ShouldContain("application/json");
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    [InlineData("application/merge-patch+json")]
    [InlineData("application/yaml")]
    public async Task JSON_and_YAML_are_taken(string type) => (await WriteAsync(type)).Status.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task A_service_may_take_other_types() =>
        (await WriteAsync("text/csv", build: b => b.Services.Configure<WriteOptions>(o => o.BodyTypes.Add("text/csv")))).Status.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task A_write_without_a_body_needs_no_type() => (await WriteAsync(type: null)).Status.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task Hosts_other_than_the_loopback_and_those_configured_are_refused()
    {
        await using var service = await TestService.StartAsync(configuration: new() { ["AllowedHosts"] = null });
        (await AskAsync(service, "evil.example")).ShouldBe(HttpStatusCode.BadRequest);
        (await AskAsync(service, "localhost:1")).ShouldBe(HttpStatusCode.OK);
        await using var configured = await TestService.StartAsync(configuration: new() { ["AllowedHosts"] = "conductor.example" });
        (await AskAsync(configured, "conductor.example")).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(configured, "localhost")).ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<HttpStatusCode> AskAsync(TestService service, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/alive") { Headers = { Host = host } };
        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task<(HttpStatusCode Status, string Detail)> WriteAsync(
        string? type, string? origin = null, Dictionary<string, string?>? configuration = null, Action<WebApplicationBuilder>? build = null)
    {
        await using var service = await TestService.StartAsync(build, app => app.MapPost("/orders", () => Results.Ok()), configuration);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders");
        if (origin is not null) request.Headers.Add("Origin", origin == "own" ? service.App.Urls.First() : origin);
        if (type is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("x"));
        if (type is { Length: > 0 }) request.Content!.Headers.TryAddWithoutValidation("Content-Type", type).ShouldBeTrue();
        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        if (response.IsSuccessStatusCode) return (response.StatusCode, "");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return (response.StatusCode, problem.GetProperty("detail").GetString()!);
    }
}
