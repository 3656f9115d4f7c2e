// Consumes transfers with inbox, outbox and timers until somebody kills it. ConnectionStrings__ledger and RABBITMQ say where.
using Conductor.Messaging.Kill;
using Conductor.Postgres.Outbox;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddDbContext<LedgerDb>(db => db.UseNpgsql(builder.Configuration.GetConnectionString("ledger")));
builder.Services.AddMassTransit(x =>
{
    x.DisableUsageTelemetry();
    x.SetKebabCaseEndpointNameFormatter();
    x.AddPostgresOutbox<LedgerDb>(o => (o.ConnectionName, o.Schema, o.Lease) = ("ledger", "app", TimeSpan.FromSeconds(5)));
    x.AddConfigureEndpointsCallback((context, _, endpoint) =>
    {
        ((IRabbitMqReceiveEndpointConfigurator)endpoint).SetQuorumQueue();
        (endpoint.PrefetchCount, endpoint.ConcurrentMessageLimit) = (32, 8);
        endpoint.UseScheduledRedelivery(r => r.Intervals(200, 1000, 5000));
        endpoint.UseMessageRetry(r => r.Immediate(2));
        endpoint.UsePostgresOutbox<LedgerDb>(context);
    });
    x.AddConsumer<TransferConsumer>();
    x.AddConsumer<TransferredConsumer>();
    x.AddConsumer<TransferReviewedConsumer>();
    x.UsingRabbitMq((context, bus) =>
    {
        bus.Host(new Uri(builder.Configuration["RABBITMQ"]!));
        bus.UsePostgresOutages();
        bus.UsePostgresTimers(context);
        bus.ConfigureEndpoints(context);
    });
});
await builder.Build().RunAsync();
