using System.Diagnostics;
using Conductor.Engines;
using Conductor.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenTelemetry.Trace;

namespace Conductor.ServiceDefaults.Tests.Telemetry;

[Integration]
public sealed class TraceTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private const int Server = 2;

    [Fact]
    public async Task One_request_is_one_trace_through_HTTP_bus_saga_and_database()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await using var service = await StartAsync(receiver, database);
        var id = Guid.NewGuid();

        using var response = await service.Client.PostAsync($"/orders/{id}", null, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();

        var request = await Eventually.GetAsync(() => Task.FromResult(Find(receiver, "Microsoft.AspNetCore", id)), "the server's span");
        await Eventually.IsTrueAsync(
            () => Of(receiver, request).Any(s => s.Tags.GetValueOrDefault("messaging.masstransit.end_state") == "Final"), "the saga's end");
        var trace = Of(receiver, request);

        request.Kind.ShouldBe(Server);
        request.Name.ShouldBe("POST /orders/{id:guid}");
        request.Service.ShouldBe("lamp-shop");
        request.Tags["http.route"].ShouldBe("/orders/{id:guid}");
        request.Tags["http.response.status_code"].ShouldBe("202");
        trace.ShouldContain(s => s.Source == "Npgsql");
        trace.Count(s => s.Source == "MassTransit" && s.Name.EndsWith(" send", StringComparison.Ordinal)).ShouldBe(2);
        trace.Count(s => s.Source == "MassTransit" && s.Tags.ContainsKey("messaging.masstransit.saga_id")).ShouldBe(2);
        // One tree: every span has its parent in the trace, but for the call of this test, which is in the same process.
        var ids = trace.Select(s => s.SpanId).ToHashSet();
        var root = trace.Single(s => !ids.Contains(s.ParentId));
        (root.Source, root.SpanId).ShouldBe(("System.Net.Http", request.ParentId));
    }

    [Fact]
    public async Task Probes_and_event_streams_leave_no_span_and_metrics_and_logs_are_sent_too()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await using var service = await StartAsync(receiver, database);
        foreach (var path in new[] { "/health", "/alive", "/metrics", "/broken" })
        {
            using var response = await service.Client.GetAsync(path, TestContext.Current.CancellationToken);
        }
        var broken = await Eventually.GetAsync(
            () => Task.FromResult(receiver.Spans.FirstOrDefault(s => s is { Source: "Microsoft.AspNetCore", Name: "GET /broken" })),
            "the broken request's span");
        broken.Tags["http.response.status_code"].ShouldBe("500");
        await Eventually.IsTrueAsync(() => receiver.ContentTypes.Count == 3, "traces, metrics and logs");
        receiver.ContentTypes.Values.ShouldAllBe(type => type == "application/x-protobuf");
        // Servers of other tests run in the same process, and their requests are seen too.
        var paths = receiver.Spans.Where(s => s.Source == "Microsoft.AspNetCore").Select(s => s.Tags.GetValueOrDefault("url.path")).ToList();
        foreach (var probe in new[] { "/health", "/alive", "/metrics", "/events" }) paths.ShouldNotContain(probe);
    }

    [Fact]
    public async Task A_statement_is_traced_if_a_request_caused_it_and_not_if_nobody_did()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await using var service = await StartAsync(receiver, database);
        Activity.Current = null;
        await using (var command = database.CreateCommand("SELECT 'for nobody'")) await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        await service.Client.GetStringAsync("/lamp", TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => IsTraced(receiver, "SELECT 'a lamp'"), "the span of the request's statement");
        IsTraced(receiver, "SELECT 'for nobody'").ShouldBeFalse();
    }

    [Fact]
    public async Task Without_a_receiver_nothing_listens_to_spans()
    {
        await using var service = await TestService.StartAsync();
        service.App.Services.GetService<TracerProvider>().ShouldBeNull();
    }

    private static bool IsTraced(OtlpReceiver receiver, string statement) =>
        receiver.Spans.Any(span => span.Source == "Npgsql" && span.Tags.Values.Contains(statement));

    private static Span? Find(OtlpReceiver receiver, string source, Guid id) =>
        receiver.Spans.FirstOrDefault(s => s.Source == source && s.Tags.GetValueOrDefault("url.path") == $"/orders/{id}");

    private static Span[] Of(OtlpReceiver receiver, Span request) => [.. receiver.Spans.Where(s => s.TraceId == request.TraceId)];

    private Task<TestService> StartAsync(OtlpReceiver receiver, NpgsqlDataSource database) => TestService.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton(database);
            builder.AddBus(x => x.AddSagaStateMachine<LampOrderSaga, LampOrder>().InMemoryRepository());
        },
        app =>
        {
            app.MapGet("/lamp", async () =>
            {
                await using var command = database.CreateCommand("SELECT 'a lamp'");
                return await command.ExecuteScalarAsync();
            });
            app.MapGet("/broken", string () => throw new InvalidOperationException("broken"));
            app.MapPost("/orders/{id:guid}", async (Guid id, IBus bus, CancellationToken cancellationToken) =>
            {
                await bus.Publish(new LampOrdered(id), cancellationToken);
                return Results.Accepted();
            });
        },
        new()
        {
            ["ConnectionStrings:rabbitmq"] = rabbitMq.ConnectionString,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address,
            ["OTEL_SERVICE_NAME"] = "lamp-shop",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        });
}
