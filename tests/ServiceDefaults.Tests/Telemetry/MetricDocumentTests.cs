using System.Net;
using System.Text;
using Conductor.Engines;
using Conductor.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Conductor.ServiceDefaults.Tests.Telemetry;

[Integration]
public sealed class MetricDocumentTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private const string Last = "messaging_masstransit_saga_duration_milliseconds";

    // What goes wrong in other ways than this test's.
    private static readonly string[] Unused =
        ["messaging_masstransit_receive_errors_ea_total", "messaging_masstransit_saga_errors_ea_total", "messaging_masstransit_send_errors_ea_total"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_names_what_every_service_exports()
    {
        await using var service = await TestService.StartAsync(map: app => app.MapGet("/broken", string () => throw new InvalidOperationException("broken")));
        using var client = service.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        using var response = await client.GetAsync(service.App.Urls.First() + "/broken", Stop);
        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        MetricTable.Of("Every service").ShouldDescribe(await ScrapeAsync(service, "conductor", "db_", "messaging_", "orders", "order_", "shelf_"));
    }

    [Fact]
    public async Task The_document_names_what_services_on_database_and_bus_export()
    {
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await using var service = await StartAsync(database);
        using var response = await service.Client.PostAsync("/orders", new StringContent("", Encoding.UTF8), Stop);
        response.EnsureSuccessStatusCode();
        await Eventually.IsTrueAsync(
            async () => (await ScrapeAsync(service)).Metrics.Keys.Intersect(["messaging_masstransit_consume_errors_ea_total", Last]).Count() == 2,
            "saga and consumer are done");
        var scrape = await ScrapeAsync(service, "conductor", "http_", "dotnet_", "resilience_", "orders", "order_", "shelf_");
        MetricTable.Of("The database", "The bus").ShouldDescribe(scrape, Unused);
    }

    // Meters belong to the process, and other tests use them: what a test is not about is left out.
    private static async Task<Scrape> ScrapeAsync(TestService service, params string[] without)
    {
        var scrape = Scrape.Parse(await service.Client.GetStringAsync("/metrics", Stop));
        var others = scrape.Metrics.Keys.Where(name => without.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList();
        foreach (var name in others) scrape.Metrics.Remove(name);
        return scrape;
    }

    private Task<TestService> StartAsync(NpgsqlDataSource database) => TestService.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton(database);
            builder.AddBus(
                bus =>
                {
                    bus.AddSagaStateMachine<LampOrderSaga, LampOrder>().InMemoryRepository();
                    bus.AddConsumer<BrokenLampConsumer>();
                },
                options: options => (options.Retries, options.Redeliveries) = (1, []));
        },
        app => app.MapPost("/orders", async (IBus bus, CancellationToken cancellationToken) =>
        {
            await bus.Publish(new LampOrdered(Guid.NewGuid()), cancellationToken);
            await bus.Publish(new LampBroken(), cancellationToken);
            return Results.Accepted();
        }),
        new() { ["ConnectionStrings:rabbitmq"] = rabbitMq.ConnectionString });
}

public sealed record LampBroken;

public sealed class BrokenLampConsumer : IConsumer<LampBroken>
{
    public Task Consume(ConsumeContext<LampBroken> context) => throw new InvalidOperationException("broken");
}
