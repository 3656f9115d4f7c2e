using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Conductor.Engines;
using Conductor.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace Conductor.Operations.Tests;

/// <summary>The operations service on real engines, reading the error queues of one endpoint.</summary>
internal sealed class OperationsUnderTest : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OperationsUnderTest(WebApplication app) => (_app, Http) = (app, new HttpClient
    {
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
    });

    public HttpClient Http { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<OperationsUnderTest> StartAsync(PostgresServer postgres, RabbitMqServer rabbitMq, string endpoint)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["ConnectionStrings:operations"] = await postgres.CreateDatabaseAsync();
        builder.Configuration["ConnectionStrings:rabbitmq"] = rabbitMq.ConnectionString;
        builder.Configuration["Operations:Endpoints:0"] = endpoint;
        builder.Configuration["Operations:LookEvery"] = "00:00:00.2";
        builder.AddServiceDefaults();
        builder.AddOperations();
        var app = builder.Build();
        app.MapOperations();
        await app.StartAsync(Cancel);
        return new OperationsUnderTest(app);
    }

    /// <summary>The only group, once it has so many open messages.</summary>
    public async Task<JsonNode> GroupAsync(int open)
    {
        var groups = await Eventually.BecomesAsync(async () => (await Http.GetFromJsonAsync<JsonArray>("/api/deadletters/groups", Cancel))!,
            found => found.Count == 1 && (int)found[0]!["counts"]!["open"]! == open, what: $"one group with {open} open messages");
        return groups[0]!;
    }

    public async Task<Guid> RetryAsync(object order)
    {
        using var answer = await Http.PostAsJsonAsync("/api/deadletters/retries", order, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        ((int)answer.StatusCode).ShouldBe(202, text);
        return (Guid)JsonNode.Parse(text)!["id"]!;
    }

    public Task<JsonNode> BecomesAsync(Guid retry, string status) => Eventually.BecomesAsync(
        async () => (await Http.GetFromJsonAsync<JsonNode>($"/api/deadletters/retries/{retry}", Cancel))!,
        found => (string?)found["status"] == status, what: $"the retry is {status}");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
