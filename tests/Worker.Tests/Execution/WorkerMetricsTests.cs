using System.Text.Json;
using Conductor.Worker.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Conductor.Worker.Tests.Execution;

public sealed class WorkerMetricsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_names_what_workers_export()
    {
        await using var server = await ConductorServer.StartAsync();
        server.Failures = 1;
        server.Queue("charge_card", new { });
        await using var worker = await StartAsync(server);
        await server.ResultsAsync(1);
        using var client = new HttpClient();
        var scrape = Scrape.Parse(await client.GetStringAsync(worker.Urls.First() + "/metrics", Stop));
        var others = scrape.Metrics.Keys.Where(name => !name.StartsWith("conductor_worker_", StringComparison.Ordinal)).ToList();
        foreach (var other in others) scrape.Metrics.Remove(other);
        MetricTable.Of("Workers").ShouldDescribe(scrape);
    }

    private static async Task<WebApplication> StartAsync(ConductorServer server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["CONDUCTOR_SERVER_URL"] = server.Address.ToString();
        builder.AddServiceDefaults();
        builder.Services.AddConductorWorkers(workers => workers.Add<JsonElement, JsonElement>("charge_card", (input, _, _) => Task.FromResult(input)));
        var app = builder.Build();
        app.MapDefaultEndpoints();
        await app.StartAsync(Stop);
        return app;
    }
}
